package dev.tutti.account;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens: JWTs (RFC 7519, RFC 9068) signed with HS256. Only what this class itself makes is accepted: its
 * algorithm, type, key ids and claims, and nothing beside them in the header. Safe for use by many threads.
 */
final class AccessTokens {
    /** How far the clocks of two instances may differ. */
    static final Duration SKEW = Duration.ofSeconds(10);

    /** How long a renewal token is valid. */
    static final Duration RENEWAL_TTL = Duration.ofSeconds(60);

    private static final int MAX_LENGTH = 2_048;
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
    private static final String USE = "use";
    private static final String UNTIL = "until";
    private static final String RENEW = "renew";

    private final Clock clock;
    private final JWSHeader header;
    private final JWSSigner signer;
    private final Map<String, JWSVerifier> verifiers = new HashMap<>();

    /** Signs with the settings' secret, accepts that one and the previous ones. */
    AccessTokens(AccountSettings settings, Clock clock) {
        this.clock = clock;
        try {
            byte[] key = key(settings.secret());
            this.signer = new MACSigner(key);
            this.header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(TYPE)
                    .keyID(keyId(key))
                    .build();
            verifiers.put(keyId(key), new MACVerifier(key));
            for (String secret : settings.previousSecrets()) {
                byte[] previous = key(secret);
                verifiers.putIfAbsent(keyId(previous), new MACVerifier(previous));
            }
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A token for requests and connections. */
    String issue(String user, String session, Instant until) {
        return sign(claims(user, session, until));
    }

    /** A token that only prolongs connections of the session, up to {@code until}, and has to be used within a minute. */
    String issueRenewal(String user, String session, Instant until) {
        return sign(claims(user, session, clock.instant().plus(RENEWAL_TTL))
                .claim(USE, RENEW)
                .claim(UNTIL, until.getEpochSecond()));
    }

    /** Verifies {@code token}, shown on a request or connection. */
    Claims verify(String token) {
        Claims claims = read(token);
        if (claims.renewal()) {
            throw refused("the token is for renewing connections only");
        }
        return claims;
    }

    /** Verifies {@code token}, shown to prolong a connection: either kind will do. */
    Claims verifyRenewal(String token) {
        return read(token);
    }

    /**
     * The claims of a valid token.
     *
     * @param until when what it stands for ends
     * @param renewal whether it may only prolong
     */
    record Claims(String user, String session, Instant until, boolean renewal) {}

    private JWTClaimsSet.Builder claims(String user, String session, Instant until) {
        return new JWTClaimsSet.Builder()
                .issuer(Accounts.ISSUER)
                .subject(user)
                .claim("sid", session)
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(until));
    }

    private String sign(JWTClaimsSet.Builder claims) {
        try {
            SignedJWT token = new SignedJWT(header, claims.build());
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Claims read(String text) {
        if (text.length() > MAX_LENGTH) {
            throw refused("the access token is longer than " + MAX_LENGTH + " characters");
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWSHeader shown = token.getHeader();
            JWSVerifier verifier = verifiers.get(String.valueOf(shown.getKeyID()));
            if (verifier == null
                    || !header.getAlgorithm().equals(shown.getAlgorithm())
                    || !TYPE.equals(shown.getType())
                    || !shown.getIncludedParams().equals(Set.of("alg", "typ", "kid"))
                    || !token.verify(verifier)) {
                throw refused("the access token is not one of this server's");
            }
            return read(token.getJWTClaimsSet());
        } catch (ParseException | JOSEException | IllegalArgumentException malformed) {
            throw refused("the access token is malformed");
        }
    }

    private Claims read(JWTClaimsSet claims) throws ParseException {
        String user = claims.getSubject();
        String session = claims.getStringClaim("sid");
        Date issued = claims.getIssueTime();
        Date expires = claims.getExpirationTime();
        @Nullable String use = claims.getStringClaim(USE);
        if (!Accounts.ISSUER.equals(claims.getIssuer())
                || user == null
                || session == null
                || issued == null
                || expires == null
                || !(use == null || use.equals(RENEW))) {
            throw refused("the access token lacks claims");
        }
        Instant now = clock.instant();
        if (issued.toInstant().isAfter(now.plus(SKEW))) {
            throw refused("the access token is from the future");
        }
        Instant until = expires.toInstant().plus(SKEW);
        if (!now.isBefore(until)) {
            throw new TuttiException(ErrorCode.TOKEN_EXPIRED, "the access token has run out");
        }
        return use == null
                ? new Claims(user, session, until, false)
                : new Claims(
                        user,
                        session,
                        Instant.ofEpochSecond(claims.getLongClaim(UNTIL)).plus(SKEW),
                        true);
    }

    /** A key for this purpose alone, whatever else the secret may be used for. */
    private static byte[] key(String secret) {
        return Digest.hmacSha256(
                secret.getBytes(StandardCharsets.UTF_8), "tutti access token".getBytes(StandardCharsets.UTF_8));
    }

    private static String keyId(byte[] key) {
        return HexFormat.of().formatHex(Arrays.copyOf(Digest.sha256(key), 6));
    }

    private static TuttiException refused(String message) {
        return new TuttiException(ErrorCode.UNAUTHENTICATED, message);
    }
}
