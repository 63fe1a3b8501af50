package dev.tutti.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.server.config.TestConfiguration;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The algorithms that are promised for tokens of other issuers; Ed25519 is in {@link TokenIssuersTest}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenAlgorithmsTest {
    private static final String SECRET =
            "a-secret-of-a-backend-that-is-long-enough-for-each-of-the-algorithms-of-secrets";

    private KeyPair rsa;
    private KeyPair p256;
    private KeyPair p384;
    private KeyPair p521;
    private TokenIssuers issuers;

    @BeforeAll
    void makeKeys(@TempDir Path directory) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        rsa = generator.generateKeyPair();
        p256 = ofCurve("secp256r1");
        p384 = ofCurve("secp384r1");
        p521 = ofCurve("secp521r1");
        List<String> files = new ArrayList<>();
        for (KeyPair pair : List.of(rsa, p256, p384, p521)) {
            files.add(TokenIssuersTest.pem(directory, pair).toString());
        }
        Map<String, String> settings =
                Map.of("TUTTI_JWT_HMAC_SECRET", SECRET, "TUTTI_JWT_PUBLIC_KEYS", String.join(",", files));
        issuers = new TokenIssuers(
                TestConfiguration.of(settings), Set.of(), Clock.systemUTC(), System::nanoTime, new JsonCodec());
    }

    private static KeyPair ofCurve(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private JWSSigner signer(String algorithm) throws JOSEException {
        return switch (algorithm) {
            case "HS256", "HS384", "HS512" -> new MACSigner(SECRET);
            case "ES256" -> new ECDSASigner((ECPrivateKey) p256.getPrivate());
            case "ES384" -> new ECDSASigner((ECPrivateKey) p384.getPrivate());
            case "ES512" -> new ECDSASigner((ECPrivateKey) p521.getPrivate());
            default -> new RSASSASigner(rsa.getPrivate());
        };
    }

    private String token(String algorithm, String user) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.parse(algorithm)),
                new JWTClaimsSet.Builder()
                        .subject(user)
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .build());
        token.sign(signer(algorithm));
        return token.serialize();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                "ES512"
            })
    void aTokenIsKnownByItsSignatureAndNotByThatOfAnother(String algorithm) throws Exception {
        String anns = token(algorithm, "ann");
        String bobs = token(algorithm, "bob");
        String forged = bobs.substring(0, bobs.lastIndexOf('.')) + anns.substring(anns.lastIndexOf('.'));

        assertThat(issuers.verify(anns).id()).isEqualTo("ann");
        assertThat(issuers.verify(bobs).id()).isEqualTo("bob");
        assertThatThrownBy(() -> issuers.verify(forged))
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
                .hasMessageContaining("not signed by a key");
    }
}
