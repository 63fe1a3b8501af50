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
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.server.config.TestConfiguration;
import dev.tutti.socket.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenIssuersTest {
    private static final String SECRET = "a secret of a backend's own, long enough".replace(' ', '-');
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final Map<String, String> BY_SECRET = Map.of("TUTTI_JWT_HMAC_SECRET", SECRET);

    @Test
    void aSecretSigns() throws Exception {
        Principal who = issuers(BY_SECRET).verify(signed(claims("42")));

        assertThat(who.id()).isEqualTo("42");
        assertThat(who.until()).isBetween(NOW.plusSeconds(60), NOW.plusSeconds(120));
        assertThat(who.capabilities()).isEmpty();
    }

    @Test
    void anotherSecretDoesNot() {
        refused(BY_SECRET, hmac(claims("42").build(), "another".repeat(6)), "not signed by a key that is trusted");
    }

    @Test
    void nobodySignsWithNothing() {
        refused(BY_SECRET, new PlainJWT(claims("42").build()).serialize(), "malformed");
    }

    @Test
    void aPublicKeyIsNoSecret(@TempDir Path directory) throws Exception {
        KeyPair pair = pair("RSA");
        Path file = pem(directory, pair);
        String forged = hmac(claims("42").build(), Files.readString(file));

        refused(Map.of("TUTTI_JWT_PUBLIC_KEYS", file.toString()), forged, "not signed by a key");
    }

    @Test
    void publicKeysOfThreeKindsSign(@TempDir Path directory) throws Exception {
        KeyPair rsa = pair("RSA");
        KeyPair ec = pair("EC");
        KeyPair ed = pair("Ed25519");
        TokenIssuers issuers = issuers(Map.of(
                "TUTTI_JWT_PUBLIC_KEYS", pem(directory, rsa) + "," + pem(directory, ec) + "," + pem(directory, ed)));

        assertThat(issuers.verify(signed(JWSAlgorithm.PS256, new RSASSASigner(rsa.getPrivate())))
                        .id())
                .isEqualTo("42");
        assertThat(issuers.verify(signed(JWSAlgorithm.ES256, new ECDSASigner((ECPrivateKey) ec.getPrivate())))
                        .id())
                .isEqualTo("42");
        String byEd = ed25519(claims("42").build(), ed);
        assertThat(issuers.verify(byEd).id()).isEqualTo("42");
        assertThatThrownBy(() -> issuers.verify(ed25519(claims("42").build(), pair("Ed25519"))))
                .hasMessageContaining("not signed");
    }

    @Test
    void whatMustBeUnderstoodIsNotIgnored() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .criticalParams(Set.of("exp"))
                        .build(),
                claims("42").build());
        token.sign(new MACSigner(SECRET));

        refused(BY_SECRET, token.serialize(), "must be understood");
    }

    @Test
    void aFileWithoutAPublicKeyIsToldOf(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("key.pem"), "-----BEGIN CERTIFICATE-----");

        assertThatThrownBy(() -> issuers(Map.of("TUTTI_JWT_PUBLIC_KEYS", file.toString())))
                .hasMessageContaining("has no public key");
    }

    @Test
    void anIssuersKeysAreFoundAndFollowItsRotation() throws Exception {
        try (Issuer issuer = new Issuer()) {
            TokenIssuers issuers = issuers(Map.of("TUTTI_JWT_ISSUERS", issuer.url()));
            JWTClaimsSet claims = claims("42").issuer(issuer.url()).build();

            assertThat(issuers.verify(issuer.sign(claims)).id()).isEqualTo("42");
            issuer.rotate();
            assertThat(issuers.verify(issuer.sign(claims)).id()).isEqualTo("42");

            refused(
                    issuers,
                    issuer.sign(claims("42").issuer("https://elsewhere").build()),
                    "issuer is not one");
        }
    }

    @Test
    void keysThatWereFoundServeWhileTheirPlaceIsAway() throws Exception {
        String token;
        TokenIssuers issuers;
        try (Issuer issuer = new Issuer()) {
            issuers = issuers(Map.of("TUTTI_JWT_JWKS", issuer.url() + "/keys"));
            token = issuer.sign(claims("42").build());
            assertThat(issuers.verify(token).id()).isEqualTo("42");
        }

        assertThat(issuers.verify(token).id()).isEqualTo("42");
        assertThatThrownBy(() -> issuers(Map.of("TUTTI_JWT_JWKS", "http://127.0.0.1:1/keys"))
                        .verify(token))
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void manyTokensOfSeveralSetsAreKnownThoughOneSetIsAway() throws Exception {
        try (Issuer one = new Issuer();
                Issuer other = new Issuer()) {
            other.rotate(); // keys have names of their own
            TokenIssuers issuers = issuers(Map.of(
                    "TUTTI_JWT_JWKS", "http://127.0.0.1:1/keys," + one.url() + "/keys," + other.url() + "/keys"));
            for (int i = 0; i < 20; i++) {
                assertThat(issuers.verify(one.sign(claims("42").build())).id()).isEqualTo("42");
                assertThat(issuers.verify(other.sign(claims("43").build())).id())
                        .isEqualTo("43");
            }
        }
    }

    @Test
    void noIssuerSignsAsAnother() throws Exception {
        try (Issuer one = new Issuer();
                Issuer other = new Issuer()) {
            String both = one.url() + "," + other.url();
            TokenIssuers issuers =
                    issuers(Map.of("TUTTI_JWT_ISSUERS", both, "TUTTI_JWT_JWKS", one.url() + "=" + one.url() + "/keys"));

            String ones = issuers.verify(one.sign(claims("42").issuer(one.url()).build()))
                    .id();
            String others = issuers.verify(
                            other.sign(claims("42").issuer(other.url()).build())) // by discovery
                    .id();

            assertThat(ones).isNotEqualTo(others);
            refused(issuers, one.sign(claims("42").issuer(other.url()).build()), "not signed by a key");
            for (Map<String, String> keys :
                    List.of(BY_SECRET, Map.of("TUTTI_JWT_JWKS", one.url() + "/keys," + one.url() + "=" + one.url()))) {
                assertThatThrownBy(() -> issuers(with(keys, "TUTTI_JWT_ISSUERS", both)))
                        .isInstanceOf(TuttiException.class)
                        .hasMessageContaining("a key that is nobody's in particular");
            }
        }
    }

    @Test
    void aSetThatNamesItsIssuerTrustsThatOneAndAsksNoOther() throws Exception {
        try (Issuer trusted = new Issuer();
                Issuer stranger = new Issuer()) {
            String ofTrusted = trusted.url() + "=" + trusted.url() + "/keys";
            TokenIssuers issuers = issuers(Map.of("TUTTI_JWT_JWKS", ofTrusted));

            assertThat(issuers.verify(trusted.sign(
                                    claims("42").issuer(trusted.url()).build()))
                            .id())
                    .isEqualTo("42");
            refused(issuers, stranger.sign(claims("42").issuer(stranger.url()).build()), "issuer is not one");
            refused(issuers, trusted.sign(claims("42").build()), "issuer is not one");
            assertThat(stranger.discoveries()).isZero();
            assertThatThrownBy(() -> issuers(with(BY_SECRET, "TUTTI_JWT_JWKS", ofTrusted)))
                    .hasMessageContaining("a key that is nobody's in particular");
        }
    }

    @Test
    void nobodyOfOneNamedSetIsSomebodyOfAnother() throws Exception {
        try (Issuer one = new Issuer();
                Issuer other = new Issuer()) {
            TokenIssuers issuers = issuers(Map.of(
                    "TUTTI_JWT_JWKS",
                    one.url() + "=" + one.url() + "/keys," + other.url() + "=" + other.url() + "/keys"));

            String ones = issuers.verify(one.sign(claims("42").issuer(one.url()).build()))
                    .id();
            String others = issuers.verify(
                            other.sign(claims("42").issuer(other.url()).build()))
                    .id();

            assertThat(ones).isNotEqualTo(others);
        }
    }

    @Test
    void claimsAreLookedAt() throws Exception {
        Map<String, String> settings = with(BY_SECRET, "TUTTI_JWT_AUDIENCE", "scores,chat");
        JWTClaimsSet.Builder good = claims("42").audience("chat");

        assertThat(issuers(settings).verify(signed(good)).id()).isEqualTo("42");
        refused(settings, signed(claims("42").audience("shop")), "for another audience");
        refused(BY_SECRET, signed(claims("42").expirationTime(null)), "no claim exp");
        refused(BY_SECRET, signed(claims("42").notBeforeTime(Date.from(NOW.plusSeconds(120)))), "not valid yet");
        refused(BY_SECRET, signed(claims("42").subject(null)), "does not say who");
        assertThatThrownBy(() ->
                        issuers(BY_SECRET).verify(signed(claims("42").expirationTime(Date.from(NOW.minusSeconds(60))))))
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(ErrorCode.TOKEN_EXPIRED));
    }

    @Test
    void anIdThatCouldBeSomebodyElsesIsHashed() throws Exception {
        TokenIssuers issuers = issuers(BY_SECRET);
        String strange = issuers.verify(signed(claims("auth0|42"))).id();

        assertThat(strange).matches("x-[A-Za-z0-9_-]{32}");
        assertThat(issuers.verify(signed(claims("auth0|42"))).id()).isEqualTo(strange);
        assertThat(issuers.verify(signed(claims(strange))).id()).isNotEqualTo(strange);
        assertThat(issuers.verify(signed(claims("0123456789abcdef01234567"))).id())
                .as("what could be an account of Tutti's")
                .startsWith("x-");
        assertThat(issuers(with(BY_SECRET, "TUTTI_ACCOUNTS", "off"))
                        .verify(signed(claims("0123456789abcdef01234567")))
                        .id())
                .isEqualTo("0123456789abcdef01234567");
    }

    @Test
    void aTokenMayAllowStreamsAndNothingElse() throws Exception {
        assertThat(issuers(BY_SECRET)
                        .verify(signed(claims("42").claim("tutti", List.of("read:org:7:*", "publish:org:7:chat"))))
                        .capabilities())
                .containsExactlyInAnyOrder("read:org:7:*", "publish:org:7:chat");
        assertThat(issuers(with(BY_SECRET, "TUTTI_JWT_CAPABILITIES_CLAIM", "scope"))
                        .verify(signed(claims("42").claim("scope", "read:org:7:* publish:a")))
                        .capabilities())
                .containsExactlyInAnyOrder("read:org:7:*", "publish:a");
        refused(BY_SECRET, signed(claims("42").claim("tutti", List.of("keys"))), "one for programs");
        refused(BY_SECRET, signed(claims("42").claim("tutti", 7)), "neither a text nor a list");
    }

    private static Set<String> orgs(@Nullable Object claim) throws Exception {
        Principal who = issuers(BY_SECRET)
                .verify(signed(claims("42").claim("org", claim).claim("team", "red")));
        assertThat(who.claims()).containsOnlyKeys("org");
        return who.claims().getOrDefault("org", Set.of());
    }

    @Test
    void aClaimThatRulesAskForHasValuesThatCanStandInANameAndNoOthers() throws Exception {
        assertThat(orgs("acme")).containsExactly("acme");
        assertThat(orgs(7)).containsExactly("7");
        assertThat(orgs(List.of("acme", 7, "a.b_c~d-E"))).containsExactlyInAnyOrder("acme", "7", "a.b_c~d-E");
        assertThat(orgs("x".repeat(64))).hasSize(1);
        for (Object bad :
                List.of("*", "a*", "a:b", "", " ", "a/b", "{id}", "ä", "x".repeat(65), 1.5, true, Map.of("a", "b"))) {
            assertThat(orgs(bad)).as("%s", bad).isEmpty();
            assertThat(orgs(List.of(bad, "acme"))).as("%s", bad).containsExactly("acme");
        }
        assertThat(orgs(null)).isEmpty();
        assertThat(orgs(List.of(List.of("acme")))).isEmpty();
        assertThat(orgs(IntStream.range(0, 100).boxed().toList())).hasSize(100);
        assertThat(orgs(IntStream.range(0, 101).boxed().toList())).isEmpty();
    }

    static TokenIssuers issuers(Map<String, String> settings) {
        return issuers(settings, System::nanoTime);
    }

    static TokenIssuers issuers(Map<String, String> settings, LongSupplier ticker) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new TokenIssuers(TestConfiguration.of(settings), Set.of("org"), clock, ticker, new JsonCodec());
    }

    private static void refused(Map<String, String> settings, String token, String message) {
        refused(issuers(settings), token, message);
    }

    private static void refused(TokenIssuers issuers, String token, String message) {
        assertThatThrownBy(() -> issuers.verify(token))
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
                .hasMessageContaining(message);
    }

    private static Map<String, String> with(Map<String, String> settings, String name, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(name, value);
        return more;
    }

    static JWTClaimsSet.Builder claims(String subject) {
        return new JWTClaimsSet.Builder().subject(subject).expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static String signed(JWTClaimsSet.Builder claims) {
        return hmac(claims.build(), SECRET);
    }

    /** A token that {@code secret} signs. */
    static String hmac(JWTClaimsSet claims, String secret) {
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
            return token.serialize();
        } catch (JOSEException never) {
            throw new AssertionError(never);
        }
    }

    private static String signed(JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
        SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims("42").build());
        token.sign(signer);
        return token.serialize();
    }

    private static String ed25519(JWTClaimsSet claims, KeyPair pair) throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.EdDSA), claims);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(token.getSigningInput());
        return new String(token.getSigningInput(), StandardCharsets.US_ASCII) + "."
                + Base64URL.encode(signature.sign());
    }

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        switch (algorithm) {
            case "RSA" -> generator.initialize(2048);
            case "EC" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
            default -> {}
        }
        return generator.generateKeyPair();
    }

    /** A file of its own with the public key of {@code pair}. */
    static Path pem(Path directory, KeyPair pair) throws IOException {
        return Files.writeString(
                Files.createTempFile(directory, "key", ".pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
    }
}
