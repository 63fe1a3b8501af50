package dev.tutti.cli.proof.backend;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.testkit.client.Account;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Tokens that a backend signs for its people. */
final class BackendTokens {
    /** The secret that the backend and the server share. */
    static final String SECRET = "a-secret-that-the-backend-has-too-and-long";

    private BackendTokens() {}

    /** Somebody with these capabilities, for ten minutes. */
    static Account person(String id, String... capabilities) throws Exception {
        return signed(new JWTClaimsSet.Builder()
                .subject(id)
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("tutti", List.of(capabilities))
                .build());
    }

    /** Somebody whose token names a session, for so many seconds. */
    static Account inSession(String id, String session, long seconds) throws Exception {
        return signed(new JWTClaimsSet.Builder()
                .subject(id)
                .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                .claim("sid", session)
                .build());
    }

    /** Somebody whose token names an organization, for ten minutes. */
    static Account inOrg(String id, int org) throws Exception {
        return signed(new JWTClaimsSet.Builder()
                .subject(id)
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("org", org)
                .build());
    }

    private static Account signed(JWTClaimsSet claims) throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        token.sign(new MACSigner(SECRET));
        return new Account(claims.getSubject(), claims.getSubject(), token.serialize());
    }
}
