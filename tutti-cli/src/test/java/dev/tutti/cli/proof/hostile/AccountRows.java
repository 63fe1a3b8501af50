package dev.tutti.cli.proof.hostile;

import static dev.tutti.testkit.client.Account.PASSWORD;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Preferences, attributes of sessions, and what is shown by mail: names, sizes, tokens and addresses that are none. */
final class AccountRows {
    private static final String PREFERENCES = "/api/preferences";
    private static final String ATTRIBUTES = "/api/session/attributes";
    private static final String RESET = "/api/auth/reset";
    private static final String MADE_UP = "x".repeat(43);

    private AccountRows() {}

    private static Attack wish(String preferences) {
        return v -> v.json("PATCH", PREFERENCES, v.ann(), "{\"preferences\":" + preferences + "}");
    }

    private static Attack attributes(String attributes) {
        return v -> v.json("PATCH", ATTRIBUTES, v.ann(), "{\"attributes\":" + attributes + "}");
    }

    /** An object with {@code count} names. */
    private static String names(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "\"n" + number + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String text(int length) {
        return "{\"long\":\"" + "x".repeat(length) + "\"}";
    }

    private static Attack stranger(String path, String body) {
        return v -> v.json("POST", path, null, body);
    }

    private static Attack address(String json) {
        return v -> v.json("PUT", "/api/account/email", v.mallory(), json);
    }

    static final List<Hostile> ROWS = List.of(
            new Hostile(
                    "a change of no preferences", v -> v.json("PATCH", PREFERENCES, v.ann(), "{}"), "400 bad_request"),
            new Hostile("a list of preferences", wish("[]"), "400 bad_request"),
            new Hostile("a preference with a space in its name", wish("{\"a b\":1}"), "400 bad_request"),
            new Hostile("a preference without a name", wish("{\"\":1}"), "400 bad_request"),
            new Hostile(
                    "a preference with a name of 65 letters",
                    wish("{\"" + "a".repeat(65) + "\":1}"),
                    "400 bad_request"),
            new Hostile("a preference with a NUL", wish("{\"nul\":\"a\\u0000b\"}"), "400 bad_request"),
            new Hostile("101 preferences", wish(names(101)), "409 limit_reached"),
            new Hostile("a preference of 20,000 characters", wish(text(20_000)), "409 limit_reached"),
            new Hostile(
                    "a preference of 1,000 lists within each other",
                    wish("{\"deep\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}"),
                    "400 bad_request"),
            new Hostile(
                    "preferences with a forged token",
                    v -> v.http("GET", PREFERENCES, null, "Authorization: Bearer forged"),
                    "401 unauthenticated"),
            new Hostile(
                    "preferences of a visitor in SQL",
                    v -> v.http("GET", PREFERENCES, null, "Cookie: tutti_visitor=' OR '1'='1"),
                    "200"),
            new Hostile(
                    "a change of no attributes", v -> v.json("PATCH", ATTRIBUTES, v.ann(), "{}"), "400 bad_request"),
            new Hostile("a text for attributes", attributes("\"x\""), "400 bad_request"),
            new Hostile("an attribute with a space in its name", attributes("{\"a b\":1}"), "400 bad_request"),
            new Hostile(
                    "an attribute with a name of 65 letters",
                    attributes("{\"" + "a".repeat(65) + "\":1}"),
                    "400 bad_request"),
            new Hostile("101 attributes", attributes(names(101)), "409 limit_reached"),
            new Hostile("an attribute of 40,000 characters", attributes(text(40_000)), "409 limit_reached"),
            new Hostile(
                    "attributes with a forged token",
                    v -> v.http("GET", ATTRIBUTES, null, "Authorization: Bearer forged"),
                    "401 unauthenticated"),
            new Hostile("a new password for no address", stranger(RESET, "{}"), "400 bad_request"),
            new Hostile(
                    "a new password for an address that is none",
                    stranger(RESET, "{\"email\":\"nobody\"}"),
                    "400 bad_request"),
            new Hostile(
                    "a new password for an address with another header behind it",
                    stranger(RESET, "{\"email\":\"a@b.example\\r\\nBcc: c@d.example\"}"),
                    "400 bad_request"),
            new Hostile(
                    "a new password for two addresses",
                    stranger(RESET, "{\"email\":\"a@b.example,c@d.example\"}"),
                    "400 bad_request"),
            new Hostile(
                    "a new password without a token",
                    stranger(RESET + "/confirm", "{\"password\":\"" + PASSWORD + "\"}"),
                    "400 bad_request"),
            new Hostile(
                    "a new password with a token of nonsense",
                    stranger(RESET + "/confirm", "{\"token\":\"nonsense\",\"password\":\"" + PASSWORD + "\"}"),
                    "403 forbidden"),
            new Hostile(
                    "a new password with a made-up token",
                    stranger(RESET + "/confirm", "{\"token\":\"" + MADE_UP + "\",\"password\":\"" + PASSWORD + "\"}"),
                    "403 forbidden"),
            new Hostile(
                    "a new password of 5 characters",
                    stranger(RESET + "/confirm", "{\"token\":\"" + MADE_UP + "\",\"password\":\"short\"}"),
                    "400 bad_request"),
            new Hostile("an address without a token", stranger("/api/auth/email/confirm", "{}"), "400 bad_request"),
            new Hostile(
                    "an address with a token in SQL",
                    stranger("/api/auth/email/confirm", "{\"token\":\"' OR '1'='1\"}"),
                    "403 forbidden"),
            new Hostile(
                    "an address with a made-up token",
                    stranger("/api/auth/email/confirm", "{\"token\":\"" + MADE_UP + "\"}"),
                    "403 forbidden"),
            new Hostile(
                    "an address without a login",
                    v -> v.json("PUT", "/api/account/email", null, "{\"email\":\"a@b.example\"}"),
                    "401 unauthenticated"),
            new Hostile("an address without the password", address("{\"email\":\"a@b.example\"}"), "400 bad_request"),
            new Hostile(
                    "an address of 300 characters",
                    address("{\"email\":\"a@" + "b.".repeat(9) + "c".repeat(280) + "\",\"password\":\"" + PASSWORD
                            + "\"}"),
                    "400 bad_request"));
}
