package dev.tutti.server.identity;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Public keys from PEM files (RFC 7468). */
final class PublicKeys {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
    private static final int ED25519_BYTES = 32;

    private PublicKeys() {}

    /**
     * The key in {@code file}.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it has none
     */
    static JWK read(Path file) {
        try {
            Matcher pem = PEM.matcher(Files.readString(file));
            if (pem.find()) {
                byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
                return jwk(encoded);
            }
        } catch (IOException | InvalidKeySpecException | IllegalArgumentException unusable) {
            throw refused(file, unusable);
        }
        throw refused(file, null);
    }

    private static JWK jwk(byte[] encoded) throws InvalidKeySpecException {
        return switch (decoded(encoded)) {
            case RSAPublicKey key -> new RSAKey.Builder(key).build();
            case ECPublicKey key -> new ECKey.Builder(Curve.forECParameterSpec(key.getParams()), key).build();
            case EdECPublicKey key
            when key.getParams().getName().equals("Ed25519") ->
                new OctetKeyPair.Builder(
                                Curve.Ed25519,
                                Base64URL.encode(
                                        Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length)))
                        .build();
            default -> throw new InvalidKeySpecException("neither RSA, EC nor Ed25519");
        };
    }

    private static PublicKey decoded(byte[] encoded) throws InvalidKeySpecException {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException another) {
                // it is of another kind
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        throw new InvalidKeySpecException("neither RSA, EC nor Ed25519");
    }

    private static TuttiException refused(Path file, @Nullable Exception cause) {
        return new TuttiException(
                ErrorCode.BAD_REQUEST,
                "TUTTI_JWT_PUBLIC_KEYS names " + file
                        + ", which has no public key (PEM, BEGIN PUBLIC KEY) of RSA, EC or Ed25519",
                cause);
    }
}
