package dev.tutti.cli.proof.hostile;

import dev.tutti.testkit.client.Account;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Credentials that are missing, forged, stale, misplaced, or brought by a page of another site. */
final class TokenRows {
    private static final String ME = "/api/auth/me";
    private static final String NONE = "{\"alg\":\"none\",\"typ\":\"at+jwt\"}";

    /** Makes a token out of an honest one. */
    @FunctionalInterface
    private interface Forgery {
        String of(Victim victim, String honest) throws Exception;
    }

    private TokenRows() {}

    private static Attack bearer(Forgery forgery) {
        return v -> v.http(
                "GET",
                ME,
                null,
                "Authorization: Bearer " + forgery.of(v, v.bob().token()));
    }

    /** The honest token with other claims, signed with the server's own key. */
    private static Attack claims(String found, String replacement) {
        return bearer((v, honest) -> {
            String claims = Tokens.part(honest, 1);
            String forged = claims.replaceFirst(found, replacement);
            if (forged.equals(claims)) {
                throw new AssertionError("the token's claims have no " + found + ": " + claims);
            }
            return Tokens.signed(Tokens.part(honest, 0), forged, Tokens.serverKey(v.secret()));
        });
    }

    private static Attack header(String found, String replacement) {
        return bearer((v, honest) -> {
            String header = Tokens.part(honest, 0);
            String forged = header.replaceFirst(found, replacement);
            if (forged.equals(header)) {
                throw new AssertionError("the token's header has no " + found + ": " + header);
            }
            return Tokens.signed(forged, Tokens.part(honest, 1), Tokens.serverKey(v.secret()));
        });
    }

    private static Attack cookie(String method, String path, String... headers) {
        return v -> {
            String[] all = new String[headers.length + 1];
            all[0] = "Cookie: tutti_access=" + v.bob().token();
            System.arraycopy(headers, 0, all, 1, headers.length);
            return v.json(method, path, null, "{}", all);
        };
    }

    private static Attack socketWithCookie(String path, String header) {
        return v -> RawWebSocket.talk(
                v, path, null, List.of("Cookie: tutti_access=" + v.bob().token(), header), socket -> "opened");
    }

    static final List<Hostile> ROWS = List.of(
            new Hostile("no credentials", v -> v.http("GET", ME, null), "401 unauthenticated"),
            new Hostile(
                    "an honest token signed again by the server's key",
                    bearer((v, honest) -> Tokens.signed(
                            Tokens.part(honest, 0), Tokens.part(honest, 1), Tokens.serverKey(v.secret()))),
                    "200"),
            new Hostile("a token of nonsense", bearer((_, _) -> "nonsense"), "401 unauthenticated"),
            new Hostile("a token of 15,000 characters", bearer((_, _) -> "a".repeat(15_000)), "401 unauthenticated"),
            new Hostile("a token of dots", bearer((_, _) -> "..."), "401 unauthenticated"),
            new Hostile(
                    "a token without a signature, alg none",
                    bearer((_, honest) -> Tokens.unsigned(NONE, Tokens.part(honest, 1))),
                    "401 unauthenticated"),
            new Hostile(
                    "an honest header without a signature",
                    bearer((_, honest) -> Tokens.unsigned(Tokens.part(honest, 0), Tokens.part(honest, 1))),
                    "401 unauthenticated"),
            new Hostile(
                    "a token signed with another key",
                    bearer((_, honest) -> Tokens.signed(Tokens.part(honest, 0), Tokens.part(honest, 1), new byte[32])),
                    "401 unauthenticated"),
            new Hostile(
                    "a token signed with the secret itself",
                    bearer((v, honest) -> Tokens.signed(
                            Tokens.part(honest, 0),
                            Tokens.part(honest, 1),
                            v.secret().getBytes(StandardCharsets.UTF_8))),
                    "401 unauthenticated"),
            new Hostile(
                    "a token with another's claims under an honest signature",
                    bearer((v, honest) -> honest.replaceFirst(
                            "\\.[^.]+\\.", "." + v.ann().token().split("\\.", -1)[1] + ".")),
                    "401 unauthenticated"),
            new Hostile("a token with alg RS256", header("HS256", "RS256"), "401 unauthenticated"),
            new Hostile("a token of another type", header("at\\+jwt", "JWT"), "401 unauthenticated"),
            new Hostile(
                    "a key id that is a path",
                    header("\"kid\":\"[^\"]*\"", "\"kid\":\"../../dev/null\""),
                    "401 unauthenticated"),
            new Hostile(
                    "a token that brings its own key",
                    header("\\{", "{\"jku\":\"http://127.0.0.1:1/keys\","),
                    "401 unauthenticated"),
            new Hostile(
                    "a critical extension", header("\\{", "{\"crit\":[\"b64\"],\"b64\":false,"), "401 unauthenticated"),
            new Hostile("a token that has run out", claims("\"exp\":\\d+", "\"exp\":1000000000"), "401 token_expired"),
            new Hostile("a token without an end", claims("\"exp\":\\d+,?", ""), "401 unauthenticated"),
            new Hostile("a token from the future", claims("\"iat\":\\d+", "\"iat\":4000000000"), "401 unauthenticated"),
            new Hostile(
                    "a token of nobody", claims("\"sub\":\"[^\"]*\"", "\"sub\":\"999999999\""), "401 unauthenticated"),
            new Hostile(
                    "a token of no session",
                    claims("\"sid\":\"[^\"]*\"", "\"sid\":\"999999999\""),
                    "401 session_revoked"),
            new Hostile(
                    "SQL for a session",
                    claims("\"sid\":\"[^\"]*\"", "\"sid\":\"' OR 1=1 --\""),
                    "401 session_revoked"),
            new Hostile(
                    "a token for renewing only",
                    claims("\"sub\"", "\"use\":\"renew\",\"until\":4000000000,\"sub\""),
                    "401 unauthenticated"),
            new Hostile(
                    "a token in the address",
                    v -> v.http(
                            "GET",
                            ME + "?token=" + v.bob().token() + "&access_token="
                                    + v.bob().token(),
                            null),
                    "401 unauthenticated"),
            new Hostile(
                    "a password as Basic",
                    v -> v.http("GET", ME, null, "Authorization: Basic Ym9iOmJvYg=="),
                    "401 unauthenticated"),
            new Hostile(
                    "a refresh token of nonsense",
                    v -> v.json("POST", "/api/auth/refresh", null, "{\"refreshToken\":\"nonsense\"}"),
                    "401 unauthenticated"),
            new Hostile(
                    "an access token as refresh token",
                    v -> v.json(
                            "POST",
                            "/api/auth/refresh",
                            null,
                            "{\"refreshToken\":\"" + v.bob().token() + "\"}"),
                    "401 unauthenticated"),
            new Hostile(
                    "the token of somebody who logged out",
                    v -> {
                        Account gone = v.api().register("gone.");
                        v.api().send("POST", "/api/auth/logout", gone, null).done();
                        return v.http("GET", ME, gone);
                    },
                    "401 session_revoked"),
            new Hostile(
                    "a cookie from a page of another site",
                    cookie("POST", "/api/auth/logout", "Sec-Fetch-Site: cross-site"),
                    "403 forbidden"),
            new Hostile(
                    "a cookie from a page of a sister site",
                    cookie("POST", "/api/auth/logout", "Sec-Fetch-Site: same-site"),
                    "403 forbidden"),
            new Hostile(
                    "a cookie from another origin, by an old browser",
                    cookie("POST", "/api/auth/logout", "Origin: https://evil.example"),
                    "403 forbidden"),
            new Hostile(
                    "a cookie from no origin", cookie("POST", "/api/conversations", "Origin: null"), "403 forbidden"),
            new Hostile(
                    "a cookie from our name on another port",
                    cookie("DELETE", "/api/conversations/1/messages/1", "Origin: http://127.0.0.1:1"),
                    "403 forbidden"),
            new Hostile(
                    "a /ws of another site with a cookie",
                    socketWithCookie("/ws", "Origin: https://evil.example"),
                    "403 forbidden"),
            new Hostile(
                    "a Socket.IO of another site with a cookie",
                    socketWithCookie("/socket.io/?EIO=4&transport=websocket", "Origin: https://evil.example"),
                    "403"),
            new Hostile(
                    "the same, as a browser says it",
                    socketWithCookie("/socket.io/?EIO=4&transport=websocket", "Sec-Fetch-Site: cross-site"),
                    "403"),
            new Hostile(
                    "polling of another site with a cookie",
                    v -> v.http(
                            "GET",
                            "/socket.io/?EIO=4&transport=polling",
                            null,
                            "Cookie: tutti_access=" + v.bob().token(),
                            "Origin: https://evil.example"),
                    "403"),
            new Hostile(
                    "a question whether another site may",
                    v -> {
                        try (Wire wire = v.wire()) {
                            wire.write(v.head(
                                            "OPTIONS",
                                            "/api/chat",
                                            null,
                                            List.of(
                                                    "Origin: https://evil.example",
                                                    "Access-Control-Request-Method: GET"))
                                    + "\r\n");
                            Wire.Answer answer = wire.answer();
                            return answer.headers().containsKey("access-control-allow-origin")
                                    ? "allowed"
                                    : "not allowed";
                        }
                    },
                    "not allowed"));
}
