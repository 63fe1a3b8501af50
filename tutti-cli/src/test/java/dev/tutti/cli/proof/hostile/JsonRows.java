package dev.tutti.cli.proof.hostile;

import static dev.tutti.testkit.client.Account.PASSWORD;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Bodies that are not JSON, or JSON of the wrong kind; names, passwords and texts that nobody should be able to have. */
final class JsonRows {
    private JsonRows() {}

    private static String register(Victim victim, String body) throws Exception {
        return victim.json("POST", "/api/auth/register", null, body);
    }

    private static Attack named(String name) {
        return v -> register(v, "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
    }

    private static Attack displayed(String name) {
        return v -> register(
                v, "{\"name\":\"someone\",\"displayName\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
    }

    private static Attack said(String json) {
        return v -> v.json("POST", v.conversationPath("/messages"), v.ann(), json);
    }

    static final List<Hostile> ROWS = List.of(
            new Hostile("no body", v -> register(v, ""), "400 bad_request"),
            new Hostile("half an object", v -> register(v, "{\"name\":"), "400 bad_request"),
            new Hostile("two objects", v -> register(v, "{}{}"), "400 bad_request"),
            new Hostile("a list for an object", v -> register(v, "[]"), "400 bad_request"),
            new Hostile("null for an object", v -> register(v, "null"), "400 bad_request"),
            new Hostile(
                    "an object for a name",
                    v -> register(v, "{\"name\":{\"$ne\":\"\"},\"password\":\"" + PASSWORD + "\"}"),
                    "400 bad_request"),
            new Hostile("a name without a password", v -> register(v, "{\"name\":\"someone\"}"), "400 bad_request"),
            new Hostile("lists 100,000 deep", v -> register(v, "[".repeat(100_000)), "400 bad_request"),
            new Hostile(
                    "objects 1,000 deep",
                    v -> register(v, "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000)),
                    "400 bad_request"),
            new Hostile(
                    "a number of 100,000 digits",
                    v -> register(v, "{\"name\":" + "9".repeat(100_000) + "}"),
                    "400 bad_request"),
            new Hostile(
                    "a number with an exponent of a billion",
                    v -> v.json("POST", v.conversationPath("/read"), v.ann(), "{\"seq\":1e1000000000}"),
                    "400 bad_request"),
            new Hostile(
                    "a property name of 10,000 letters",
                    v -> register(v, "{\"" + "a".repeat(10_000) + "\":1}"),
                    "400 bad_request"),
            new Hostile(
                    "bytes that are not UTF-8",
                    v -> v.bytes(
                            "POST",
                            "/api/auth/register",
                            null,
                            "application/json",
                            "{\"name\":\"\u00ff\u00fe\"}".getBytes(StandardCharsets.ISO_8859_1)),
                    "400 bad_request"),
            new Hostile(
                    "UTF-16",
                    v -> v.bytes(
                            "POST",
                            "/api/auth/login",
                            null,
                            "application/json",
                            "{}".getBytes(StandardCharsets.UTF_16)),
                    "400 bad_request"),
            new Hostile("SQL for a name", named("bob'; DROP TABLE users; --"), "400 bad_request"),
            new Hostile("markup for a name", named("<script>alert(1)</script>"), "400 bad_request"),
            new Hostile("a name of two letters", named("ab"), "400 bad_request"),
            new Hostile("a name of 33 letters", named("a".repeat(33)), "400 bad_request"),
            new Hostile("a name in look-alike letters", named("b\u043eb"), "400 bad_request"),
            new Hostile("a name with a NUL", named("bob\\u0000"), "400 bad_request"),
            new Hostile(
                    "a name that is taken",
                    v -> register(v, "{\"name\":\"" + v.bob().name() + "\",\"password\":\"" + PASSWORD + "\"}"),
                    "409 conflict"),
            new Hostile(
                    "the same in capitals",
                    v -> register(
                            v,
                            "{\"name\":\"" + v.bob().name().toUpperCase(Locale.ROOT) + "\",\"password\":\"" + PASSWORD
                                    + "\"}"),
                    "409 conflict"),
            new Hostile(
                    "a password of 7 characters",
                    v -> register(v, "{\"name\":\"someone\",\"password\":\"1234567\"}"),
                    "400 bad_request"),
            new Hostile(
                    "a password of 100,000 characters",
                    v -> register(v, "{\"name\":\"someone\",\"password\":\"" + "p".repeat(100_000) + "\"}"),
                    "400 bad_request"),
            new Hostile("a display name of 65 characters", displayed("x".repeat(65)), "400 bad_request"),
            new Hostile("a display name that breaks the line", displayed("a\\r\\nb"), "400 bad_request"),
            new Hostile("a display name with a NUL", displayed("a\\u0000b"), "400 bad_request"),
            new Hostile("a display name of half a character", displayed("a\\ud800b"), "201"),
            new Hostile("a display name that turns the writing around", displayed("a\\u202eb"), "400 bad_request"),
            new Hostile(
                    "a wrong password",
                    v -> v.json(
                            "POST",
                            "/api/auth/login",
                            null,
                            "{\"name\":\"" + v.bob().name() + "\",\"password\":\"wrong password\"}"),
                    "401 unauthenticated"),
            new Hostile(
                    "the password of nobody",
                    v -> v.json(
                            "POST",
                            "/api/auth/login",
                            null,
                            "{\"name\":\"nobody-at-all\",\"password\":\"wrong password\"}"),
                    "401 unauthenticated"),
            new Hostile(
                    "SQL for a login",
                    v -> v.json(
                            "POST", "/api/auth/login", null, "{\"name\":\"' OR '1'='1\",\"password\":\"' OR '1'='1\"}"),
                    "400 bad_request"),
            new Hostile(
                    "a message of 4,001 characters",
                    said("{\"id\":\"long\",\"text\":\"" + "x".repeat(4_001) + "\"}"),
                    "400 bad_request"),
            new Hostile("a message of nothing", said("{\"id\":\"empty\",\"text\":\"\"}"), "400 bad_request"),
            new Hostile("a message with a NUL", said("{\"id\":\"nul\",\"text\":\"a\\u0000b\"}"), "400 bad_request"),
            new Hostile("a message with half a character", said("{\"id\":\"half\",\"text\":\"a\\udc00b\"}"), "201"),
            new Hostile("a message id with spaces", said("{\"id\":\"a b\",\"text\":\"x\"}"), "400 bad_request"),
            new Hostile(
                    "a message id of 37 characters",
                    said("{\"id\":\"" + "i".repeat(37) + "\",\"text\":\"x\"}"),
                    "400 bad_request"),
            new Hostile("a message without an id", said("{\"text\":\"x\"}"), "400 bad_request"),
            new Hostile("a message that is a number", said("{\"id\":\"n\",\"text\":7}"), "400 bad_request"),
            new Hostile("a search for everything", v -> v.http("GET", "/api/users?query=%25", v.mallory()), "200"),
            new Hostile(
                    "a search in SQL",
                    v -> v.http("GET", "/api/users?query=%27%3B%20DROP%20TABLE%20users%3B--", v.mallory()),
                    "200"),
            new Hostile(
                    "a search for a NUL", v -> v.http("GET", "/api/users?query=%00", v.mallory()), "400 bad_request"),
            new Hostile(
                    "a group of 10,001",
                    v -> v.json(
                            "POST",
                            "/api/conversations",
                            v.mallory(),
                            "{\"kind\":\"group\",\"title\":\"all\",\"members\":[" + "\"1\",".repeat(10_000)
                                    + "\"1\"]}"),
                    "400 bad_request"),
            new Hostile(
                    "a group with nobody who exists",
                    v -> v.json(
                            "POST",
                            "/api/conversations",
                            v.mallory(),
                            "{\"kind\":\"group\",\"title\":\"ghosts\",\"members\":[\"999999999999\"]}"),
                    "404 not_found"),
            new Hostile(
                    "a conversation of an unknown kind",
                    v -> v.json("POST", "/api/conversations", v.mallory(), "{\"kind\":\"cult\"}"),
                    "400 bad_request"),
            new Hostile(
                    "a conversation with oneself",
                    v -> v.json(
                            "POST",
                            "/api/conversations",
                            v.mallory(),
                            "{\"kind\":\"direct\",\"user\":\"" + v.mallory().id() + "\"}"),
                    "400 bad_request"));
}
