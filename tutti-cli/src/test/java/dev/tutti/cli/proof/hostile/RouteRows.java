package dev.tutti.cli.proof.hostile;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Routes of people without a login and with a forged one, routes of everybody, and batches, feeds and accounts that are not to be had. */
final class RouteRows {
    private static final String TUS = "Tus-Resumable: 1.0.0";
    private static final String FORGED = "Authorization: Bearer forged";
    private static final String EVENT = "{\"stream\":\"room:hostile\",\"type\":\"x\",\"data\":1}";

    /** For any route: nobody may be told what is wrong with it before it is known who asks. */
    private static final String BODY = "{\"preferences\":{},\"attributes\":{}}";

    private RouteRows() {}

    /** Those of docs/openapi.yaml that are for people, or for whom a rule allows it. */
    private static final List<String> OF_PEOPLE = List.of(
            "POST /api/auth/logout",
            "GET /api/auth/me",
            "PUT /api/account/email",
            "POST /api/account/email/delete",
            "GET /api/account",
            "PATCH /api/account",
            "PUT /api/account/avatar",
            "DELETE /api/account/avatar",
            "GET /api/users/1/avatar",
            "GET /api/account/export",
            "GET /api/blocks",
            "PUT /api/blocks/1",
            "DELETE /api/blocks/1",
            "POST /api/account/password",
            "POST /api/account/delete",
            "GET /api/sessions",
            "DELETE /api/sessions",
            "DELETE /api/sessions/1",
            "GET /api/users",
            "GET /api/groups",
            "GET /api/chat",
            "GET /api/chat/search?query=a",
            "POST /api/conversations",
            "GET /api/conversations/1",
            "PATCH /api/conversations/1",
            "GET /api/conversations/1/links",
            "POST /api/conversations/1/links",
            "DELETE /api/conversations/1/links/1",
            "POST /api/invitations/link",
            "POST /api/invitations/link/join",
            "GET /api/conversations/1/messages",
            "POST /api/conversations/1/messages",
            "PATCH /api/conversations/1/messages/1",
            "DELETE /api/conversations/1/messages/1",
            "PUT /api/conversations/1/messages/1/reactions/%F0%9F%91%8D",
            "DELETE /api/conversations/1/messages/1/reactions/%F0%9F%91%8D",
            "POST /api/conversations/1/read",
            "GET /api/conversations/1/members",
            "POST /api/conversations/1/members",
            "DELETE /api/conversations/1/members/1",
            "POST /api/conversations/1/join",
            "POST /api/conversations/1/accept",
            "POST /api/conversations/1/decline",
            "GET /api/invitations",
            "GET /api/presence",
            "POST /api/streams",
            "GET /api/streams/room:hostile",
            "POST /api/streams/room:hostile",
            "GET /api/streams/room:hostile/events",
            "GET /api/feed",
            "GET /api/feeds/score:1",
            "PUT /api/feeds/score:1",
            "GET /api/feeds/score:1/events",
            "GET /api/files",
            "POST /api/files?name=a",
            "GET /api/files/never",
            "DELETE /api/files/never",
            "POST /api/files/never/links",
            "GET /api/files/never/content",
            "GET /api/files/never/thumbnail",
            "POST /api/uploads",
            "HEAD /api/uploads/never",
            "PATCH /api/uploads/never",
            "DELETE /api/uploads/never");

    /** Without a login these are a visitor's. */
    private static final List<String> OF_VISITORS = List.of(
            "GET /api/preferences",
            "PATCH /api/preferences",
            "GET /api/session/attributes",
            "PATCH /api/session/attributes");

    /** These ask for no login, and read an object. */
    private static final List<String> OF_EVERYBODY = List.of(
            "POST /api/auth/register",
            "POST /api/auth/login",
            "POST /api/auth/refresh",
            "POST /api/auth/reset",
            "POST /api/auth/reset/confirm",
            "POST /api/auth/email/confirm");

    /** These refuse other methods only. */
    private static final List<String> TOLD_TO_EVERYBODY = List.of(
            "GET /api/auth/registration",
            "OPTIONS /api/uploads",
            "GET /health",
            "GET /health/live",
            "GET /health/ready",
            "GET /api/health",
            "GET /api/instance",
            "GET /metrics");

    /** A file, which is not there for other methods. */
    private static final String DOCUMENT = "GET /openapi.yaml";

    /** All of the above. */
    static final List<String> ROUTES = Stream.of(
                    OF_PEOPLE, OF_VISITORS, OF_EVERYBODY, TOLD_TO_EVERYBODY, List.of(DOCUMENT))
            .flatMap(List::stream)
            .toList();

    private static Attack asked(String method, String path, String body, String... headers) {
        return switch (method) {
            case "HEAD" ->
                v -> {
                    try (Wire wire = v.wire()) {
                        wire.write(v.head(method, path, null, List.of(headers)) + "\r\n");
                        return wire.answerToHead().brief();
                    }
                };
            case "GET", "DELETE" -> v -> v.http(method, path, null, headers);
            default -> v -> v.json(method, path, null, body, headers);
        };
    }

    private static Hostile refused(String route, String how, String... headers) {
        String[] words = route.split(" ", 2);
        return new Hostile(
                route + " with " + how,
                asked(words[0], words[1], BODY, headers),
                words[0].equals("HEAD") ? "401" : "401 unauthenticated");
    }

    private static Hostile withoutLogin(String route) {
        return refused(route, "no login", TUS);
    }

    private static Hostile withForgedToken(String route) {
        return refused(route, "a forged token", TUS, FORGED);
    }

    private static Hostile withList(String route) {
        String[] words = route.split(" ", 2);
        return new Hostile(route + " with a list for an object", asked(words[0], words[1], "[]"), "400 bad_request");
    }

    private static Hostile withPatch(String route) {
        return new Hostile(
                "a change of what is told by " + route,
                asked("PATCH", route.split(" ", 2)[1], "{}"),
                route.equals(DOCUMENT) ? "404 not_found" : "405 method_not_allowed");
    }

    private static Attack mallory(String method, String path, String body) {
        return v -> v.json(method, path, v.mallory(), body);
    }

    private static final List<Hostile> SINGLE = List.of(
            new Hostile("a batch of no events", mallory("POST", "/api/streams", "[]"), "400 bad_request"),
            new Hostile("an event for a batch", mallory("POST", "/api/streams", EVENT), "400 bad_request"),
            new Hostile(
                    "a batch of 1,001 events",
                    mallory("POST", "/api/streams", "[" + (EVENT + ",").repeat(1_000) + EVENT + "]"),
                    "400 bad_request"),
            new Hostile(
                    "a batch with an event of no stream",
                    mallory("POST", "/api/streams", "[" + EVENT + ",{\"type\":\"x\",\"data\":1}]"),
                    "400 bad_request"),
            new Hostile(
                    "a batch with something in another's inbox",
                    v -> v.json(
                            "POST",
                            "/api/streams",
                            v.mallory(),
                            "[" + EVENT + ","
                                    + EVENT.replace(
                                            "room:hostile", "user:" + v.ann().id()) + "]"),
                    "403 forbidden"),
            new Hostile(
                    "a feed that one may not read",
                    v -> v.http("GET", "/api/feeds/score:1", v.mallory()),
                    "403 forbidden"),
            new Hostile(
                    "the same as server-sent events",
                    v -> v.http("GET", "/api/feeds/score:1/events", v.mallory()),
                    "403 forbidden"),
            new Hostile(
                    "a version of a feed, by a person",
                    mallory("PUT", "/api/feeds/score:1", "{\"version\":1}"),
                    "403 forbidden"),
            new Hostile(
                    "a feed without a kind", v -> v.http("GET", "/api/feeds/score", v.mallory()), "400 bad_request"),
            new Hostile("a block of nobody", mallory("PUT", "/api/blocks/never", "{}"), "404 not_found"),
            new Hostile(
                    "a block of oneself",
                    v -> v.json("PUT", "/api/blocks/" + v.mallory().id(), v.mallory(), "{}"),
                    "400 bad_request"),
            new Hostile(
                    "the end of a session that never was",
                    v -> v.http("DELETE", "/api/sessions/never", v.mallory()),
                    "404 not_found"),
            new Hostile(
                    "the end of all sessions, perhaps",
                    v -> v.http("DELETE", "/api/sessions?all=perhaps", v.mallory()),
                    "400 bad_request"),
            new Hostile(
                    "a profile with a NUL",
                    mallory("PATCH", "/api/account", "{\"displayName\":\"a\\u0000b\"}"),
                    "400 bad_request"),
            new Hostile(
                    "another password without the one before",
                    mallory("POST", "/api/account/password", "{\"password\":\"another long password\"}"),
                    "400 bad_request"),
            new Hostile(
                    "the end of the account without the password",
                    mallory("POST", "/api/account/delete", "{}"),
                    "400 bad_request"),
            new Hostile(
                    "the end of the address without the password",
                    mallory("POST", "/api/account/email/delete", "{}"),
                    "400 bad_request"));

    private static Stream<Hostile> each(List<String> routes, Function<String, Hostile> row) {
        return routes.stream().map(row);
    }

    static final List<Hostile> ROWS = Stream.of(
                    each(OF_PEOPLE, RouteRows::withoutLogin),
                    each(OF_PEOPLE, RouteRows::withForgedToken),
                    each(OF_VISITORS, RouteRows::withForgedToken),
                    each(OF_EVERYBODY, RouteRows::withList),
                    each(TOLD_TO_EVERYBODY, RouteRows::withPatch),
                    each(List.of(DOCUMENT), RouteRows::withPatch),
                    SINGLE.stream())
            .flatMap(rows -> rows)
            .toList();
}
