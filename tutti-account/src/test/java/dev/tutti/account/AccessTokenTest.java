package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a token may be wrong, and the one in which it is right. */
class AccessTokenTest {
    private static final String SECRET = AccountInstance.SETTINGS.secret();
    private static final String OTHER = "another secret of 32 characters or more";

    private final AccountInstance instance = new AccountInstance();
    private final Person person = instance.person();

    @AfterEach
    void close() {
        instance.close();
    }

    /** Makes a token of the good one's claims. */
    interface Forger {
        String forge(SignedJWT good) throws Exception;
    }

    record Forgery(String what, Forger forger) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Forgery> forgeries() {
        return Stream.of(
                new Forgery("empty", _ -> ""),
                new Forgery("not a JWT", _ -> "x"),
                new Forgery("three dots", _ -> "..."),
                new Forgery("long", good -> good.serialize() + "A".repeat(5_000)),
                new Forgery("no signature", good -> good.serialize().replaceFirst("[^.]*$", "")),
                new Forgery(
                        "signature cut",
                        good -> good.serialize().substring(0, good.serialize().length() - 8)),
                new Forgery("another's signature", good -> {
                    String[] parts = good.serialize().split("\\.", -1);
                    return parts[0] + "." + parts[1] + "."
                            + parts[2].replace(parts[2].charAt(5), parts[2].charAt(5) == 'a' ? 'b' : 'a');
                }),
                new Forgery("other claims, same signature", good -> {
                    String[] parts = good.serialize().split("\\.", -1);
                    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
                    String forged = claims.replace(good.getJWTClaimsSet().getSubject(), "0123456789abcdef01234567");
                    return parts[0] + "."
                            + Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(forged.getBytes(StandardCharsets.UTF_8))
                            + "." + parts[2];
                }),
                new Forgery("alg none", good -> new PlainJWT(good.getJWTClaimsSet()).serialize()),
                new Forgery(
                        "alg none in capitals",
                        good -> raw("{\"alg\":\"NONE\",\"typ\":\"at+jwt\",\"kid\":\"" + kid(good) + "\"}", good)),
                new Forgery(
                        "alg none with our header",
                        good -> raw("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"" + kid(good) + "\"}", good)),
                new Forgery("another key", good -> signed(header(good).build(), good.getJWTClaimsSet(), OTHER)),
                new Forgery("the secret itself as key", good -> {
                    SignedJWT jwt = new SignedJWT(header(good).build(), good.getJWTClaimsSet());
                    jwt.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
                    return jwt.serialize();
                }),
                new Forgery(
                        "HS384",
                        good -> signed(
                                new JWSHeader.Builder(JWSAlgorithm.HS384)
                                        .type(new JOSEObjectType("at+jwt"))
                                        .keyID(kid(good))
                                        .build(),
                                good.getJWTClaimsSet(),
                                SECRET + SECRET)),
                new Forgery(
                        "typ JWT",
                        good -> signed(header(good).type(JOSEObjectType.JWT).build(), good.getJWTClaimsSet(), SECRET)),
                new Forgery("no typ", good -> signed(header(good).type(null).build(), good.getJWTClaimsSet(), SECRET)),
                new Forgery("no kid", good -> signed(header(good).keyID(null).build(), good.getJWTClaimsSet(), SECRET)),
                new Forgery(
                        "unknown kid",
                        good -> signed(header(good).keyID("000000000000").build(), good.getJWTClaimsSet(), SECRET)),
                new Forgery(
                        "more in the header",
                        good -> signed(header(good).contentType("JWT").build(), good.getJWTClaimsSet(), SECRET)),
                new Forgery("another issuer", good -> signed(good, claims(good).issuer("else"))),
                new Forgery("no issuer", good -> signed(good, claims(good).issuer(null))),
                new Forgery("no subject", good -> signed(good, claims(good).subject(null))),
                new Forgery("no session", good -> signed(good, claims(good).claim("sid", null))),
                new Forgery(
                        "session of another type",
                        good -> signed(good, claims(good).claim("sid", 5))),
                new Forgery("no expiry", good -> signed(good, claims(good).expirationTime(null))),
                new Forgery("no issue time", good -> signed(good, claims(good).issueTime(null))),
                new Forgery(
                        "from the future", good -> signed(good, claims(good).issueTime(in(Duration.ofSeconds(30))))),
                new Forgery("unknown use", good -> signed(good, claims(good).claim("use", "else"))),
                new Forgery(
                        "for renewal only",
                        good -> signed(
                                good,
                                claims(good)
                                        .claim("use", "renew")
                                        .claim(
                                                "until",
                                                Instant.now().plusSeconds(600).getEpochSecond()))),
                new Forgery(
                        "somebody else in this session",
                        good -> signed(good, claims(good).subject("0123456789abcdef01234567"))));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aForgedTokenIsRefused(Forgery forgery) throws Exception {
        String token = forgery.forger().forge(SignedJWT.parse(person.token()));

        RouteAnswer answer = instance.routes()
                .call("GET", "/api/auth/me", Map.of("authorization", "Bearer " + token), "127.0.0.1", null);

        assertThat(answer.code()).isEqualTo("unauthenticated");
    }

    /** The check above can fail. */
    @Test
    void aTokenSignedAsOursIsGood() throws Exception {
        SignedJWT good = SignedJWT.parse(person.token());

        assertThat(person.with(signed(good, claims(good))).get("/api/auth/me").status())
                .isEqualTo(200);
    }

    @Test
    void aSessionThatIsNotThereIsNone() throws Exception {
        SignedJWT good = SignedJWT.parse(person.token());

        RouteAnswer answer = person.with(signed(good, claims(good).claim("sid", "0123456789abcdef01234567")))
                .get("/api/auth/me");

        assertThat(answer.code()).isEqualTo("session_revoked");
    }

    @Test
    void aTokenRunsOutAfterItsTimeAndSomeSecondsForTheClocks() {
        instance.clock().pass(Duration.ofMinutes(15).plusSeconds(5));
        assertThat(person.get("/api/auth/me").status()).isEqualTo(200);

        instance.clock().pass(Duration.ofSeconds(7));
        assertThat(person.get("/api/auth/me").code()).isEqualTo("token_expired");
    }

    @Test
    void aSecretIsReplacedWithoutLoggingAnyoneOut() {
        try (AccountInstance replaced = new AccountInstance(settings(OTHER, List.of(SECRET)));
                AccountInstance later = new AccountInstance(settings(OTHER, List.of()))) {
            Person fresh = replaced.person();

            assertThat(person.at(replaced).get("/api/auth/me").status()).isEqualTo(200);
            assertThat(person.at(later).get("/api/auth/me").code()).isEqualTo("unauthenticated");
            assertThat(fresh.at(later).get("/api/auth/me").status()).isEqualTo(200);
            assertThat(fresh.at(instance).get("/api/auth/me").code()).isEqualTo("unauthenticated");
        }
    }

    @Test
    void whatIsShownButWrongIsNotMadeGoodByAnother() {
        Map<String, String> headers = Map.of("authorization", "Basic abc", "cookie", "tutti_access=" + person.token());

        assertThat(instance.routes()
                        .call("GET", "/api/auth/me", headers, "127.0.0.1", null)
                        .code())
                .isEqualTo("unauthenticated");
    }

    private static AccountSettings settings(String secret, List<String> previous) {
        return AccountSettings.of(secret)
                .withPreviousSecrets(previous)
                .withPasswords(AccountInstance.SETTINGS.passwords())
                .withLimits(AccountInstance.SETTINGS.limits());
    }

    private static JWSHeader.Builder header(SignedJWT good) {
        return new JWSHeader.Builder(good.getHeader());
    }

    private static JWTClaimsSet.Builder claims(SignedJWT good) throws Exception {
        return new JWTClaimsSet.Builder(good.getJWTClaimsSet());
    }

    private static String kid(SignedJWT good) {
        return good.getHeader().getKeyID();
    }

    private static Date in(Duration duration) {
        return Date.from(Instant.now().plus(duration));
    }

    private static String signed(SignedJWT good, JWTClaimsSet.Builder claims) throws Exception {
        return signed(good.getHeader(), claims.build(), SECRET);
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, String secret) throws Exception {
        byte[] key = Digest.hmacSha256(
                secret.getBytes(StandardCharsets.UTF_8), "tutti access token".getBytes(StandardCharsets.UTF_8));
        byte[] longEnough = header.getAlgorithm().equals(JWSAlgorithm.HS256) ? key : Arrays.copyOf(key, 48);
        SignedJWT jwt = new SignedJWT(header, claims);
        jwt.sign(new MACSigner(longEnough));
        return jwt.serialize();
    }

    private static String raw(String header, SignedJWT good) {
        String[] parts = good.serialize().split("\\.", -1);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + parts[1] + ".";
    }
}
