package dev.tutti.cli.proof.hostile;

import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Requests of programs ({@code /api/server/*}), for those without a key, with a bad one, or with one that allows something else. */
final class KeyRows {
    private static final String KEYS = "/api/server/keys";
    private static final String USERS = "/api/server/users";
    private static final String AUDIT = "/api/server/audit";
    private static final String WELL_FORMED = "k".repeat(43);

    private KeyRows() {}

    /** Makes what is shown as a key. */
    @FunctionalInterface
    private interface Forgery {
        String of(Victim victim) throws Exception;
    }

    private static Attack shown(Forgery forgery) {
        return v -> v.http("GET", KEYS, null, "Authorization: Bearer " + forgery.of(v));
    }

    private static String root(Victim victim) {
        return ApiKeys.root(victim.secret());
    }

    private static Attack asRoot(String method, String path, String body) {
        return v -> v.json(method, path, null, body, "Authorization: Bearer " + root(v));
    }

    /** A request with a key that may read rooms. */
    private static Attack asReader(String method, String path, String body) {
        return v -> v.json(method, path, null, body, "Authorization: Bearer " + reader(v));
    }

    private static String reader(Victim victim) throws Exception {
        return victim.api()
                .post(
                        KEYS,
                        new Account("", "", root(victim)),
                        Map.of("name", "reader", "capabilities", List.of("read:room:*")))
                .path("token")
                .asString();
    }

    private static String revoked(Victim victim) throws Exception {
        String key = reader(victim);
        String id = key.split("_", -1)[1];
        victim.api()
                .send("DELETE", KEYS + "/" + id, new Account("", "", root(victim)), null)
                .done();
        return key;
    }

    /** Those of docs/openapi.yaml that are for programs or administrators: each without a key, and with one that was never made. */
    static final List<String> ROUTES = List.of(
            "POST /api/server/emit",
            "POST /api/server/rooms/join",
            "POST /api/server/rooms/leave",
            "POST /api/server/disconnect",
            "GET /api/server/presence",
            "GET /api/server/streams",
            "DELETE /api/server/streams/room:hostile",
            "DELETE /api/server/files?owner=1",
            "DELETE /api/server/preferences?owner=1",
            "GET /api/server/users",
            "POST /api/server/users",
            "PATCH /api/server/users/1",
            "DELETE /api/server/users/1",
            "POST /api/server/users/1/logout",
            "POST /api/server/users/1/reset",
            "GET /api/server/invitations",
            "POST /api/server/invitations",
            "DELETE /api/server/invitations/1",
            "GET /api/server/audit",
            "GET /api/server/keys",
            "POST /api/server/keys",
            "DELETE /api/server/keys/1",
            "GET /api/server/jobs",
            "POST /api/server/jobs",
            "POST /api/server/jobs/retry",
            "GET /api/server/jobs/crons",
            "GET /api/server/jobs/batches/hostile",
            "GET /api/server/jobs/1",
            "POST /api/server/jobs/1/cancel",
            "POST /api/server/jobs/1/retry",
            "GET /api/server/webhooks",
            "POST /api/server/webhooks",
            "GET /api/server/webhooks/1",
            "DELETE /api/server/webhooks/1",
            "POST /api/server/webhooks/1/pause",
            "POST /api/server/webhooks/1/resume",
            "POST /api/server/webhooks/1/retry",
            "POST /api/server/webhooks/1/secret");

    private static Hostile withoutKey(String route) {
        String[] words = route.split(" ", 2);
        return new Hostile(
                route + " without a key", v -> v.json(words[0], words[1], null, "{}"), "401 unauthenticated");
    }

    private static Hostile withUnknownKey(String route) {
        String[] words = route.split(" ", 2);
        return new Hostile(
                route + " with a key that was never made",
                v -> v.json(words[0], words[1], null, "{}", "Authorization: Bearer tutti_never1_" + WELL_FORMED),
                "401 unauthenticated");
    }

    private static final List<Hostile> SINGLE = List.of(
            new Hostile("the honest root key", shown(KeyRows::root), "200"),
            new Hostile("a person's token for a key", shown(v -> v.mallory().token()), "401 unauthenticated"),
            new Hostile("a key of nonsense", shown(_ -> "tutti_nonsense"), "401 unauthenticated"),
            new Hostile(
                    "a key of 10,000 characters", shown(_ -> "tutti_a_" + "k".repeat(10_000)), "401 unauthenticated"),
            new Hostile(
                    "the root key with another secret", shown(_ -> "tutti_root_" + WELL_FORMED), "401 unauthenticated"),
            new Hostile("the root key with a letter more", shown(v -> root(v) + "x"), "401 unauthenticated"),
            new Hostile(
                    "the root key of a server with another secret",
                    shown(_ -> ApiKeys.root("another secret, which is as long as the server's")),
                    "401 unauthenticated"),
            new Hostile("SQL for a key", shown(_ -> "tutti_' OR '1'='1_" + WELL_FORMED), "401 unauthenticated"),
            new Hostile("a key that was revoked", shown(KeyRows::revoked), "401 unauthenticated"),
            new Hostile(
                    "a key in the address",
                    v -> v.http("GET", KEYS + "?token=" + root(v), null),
                    "401 unauthenticated"),
            new Hostile(
                    "the accounts, for a person who administers nothing",
                    v -> v.http("GET", "/api/server/users", v.mallory()),
                    "403 forbidden"),
            new Hostile(
                    "an account, made by a person who administers nothing",
                    v -> v.json("POST", USERS, v.mallory(), "{\"name\":\"made.up\"}"),
                    "403 forbidden"),
            new Hostile(
                    "an account, made with a key that reads rooms",
                    asReader("POST", USERS, "{\"name\":\"made.up\"}"),
                    "403 forbidden"),
            new Hostile(
                    "an account named in SQL", asRoot("POST", USERS, "{\"name\":\"' OR '1'='1\"}"), "400 bad_request"),
            new Hostile(
                    "an account with a link for 100,000 hours",
                    asRoot("POST", USERS, "{\"name\":\"made.up\",\"hours\":100000}"),
                    "400 bad_request"),
            new Hostile(
                    "a way into another's account, for a person who administers nothing",
                    v -> v.json("POST", USERS + "/" + v.ann().id() + "/reset", v.mallory(), "{}"),
                    "403 forbidden"),
            new Hostile(
                    "the same, with a key that reads rooms",
                    v -> asReader("POST", USERS + "/" + v.ann().id() + "/reset", "{}")
                            .on(v),
                    "403 forbidden"),
            new Hostile("a way into nobody's account", asRoot("POST", USERS + "/never/reset", "{}"), "404 not_found"),
            new Hostile(
                    "a way in for no hours",
                    asRoot("POST", USERS + "/never/reset", "{\"hours\":0}"),
                    "400 bad_request"),
            new Hostile(
                    "the end of an invitation that never was",
                    asRoot("DELETE", "/api/server/invitations/never", ""),
                    "404 not_found"),
            new Hostile(
                    "the audit, for a person who administers nothing",
                    v -> v.http("GET", AUDIT, v.mallory()),
                    "403 forbidden"),
            new Hostile("the audit, with a key that reads rooms", asReader("GET", AUDIT, ""), "403 forbidden"),
            new Hostile("no records of the audit", asRoot("GET", AUDIT + "?limit=0", ""), "400 bad_request"),
            new Hostile("the audit before a word", asRoot("GET", AUDIT + "?before=now", ""), "400 bad_request"),
            new Hostile("the keys, with one that reads rooms", asReader("GET", KEYS, ""), "403 forbidden"),
            new Hostile(
                    "a key for everything, with one that reads rooms",
                    asReader("POST", KEYS, "{\"name\":\"mine\",\"capabilities\":[\"keys\"]}"),
                    "403 forbidden"),
            new Hostile(
                    "the accounts, with a key that reads rooms",
                    asReader("GET", "/api/server/users", ""),
                    "403 forbidden"),
            new Hostile(
                    "a word to all sockets, with a key that reads rooms",
                    asReader("POST", "/api/server/emit", "{\"event\":\"x\"}"),
                    "403 forbidden"),
            new Hostile(
                    "something in a room, with a key that reads it",
                    asReader("POST", "/api/streams/room:hostile", "{\"type\":\"x\",\"data\":{}}"),
                    "403 forbidden"),
            new Hostile(
                    "a job, with a key that reads rooms",
                    asReader("POST", "/api/server/jobs", "{\"kind\":\"mail\",\"data\":1}"),
                    "403 forbidden"),
            new Hostile(
                    "a conversation as a stream, with a key that reads rooms",
                    v -> v.http(
                            "GET",
                            "/api/streams/conversation:" + v.conversation(),
                            null,
                            "Authorization: Bearer " + reader(v)),
                    "403 forbidden"),
            new Hostile("an emission of nothing", asRoot("POST", "/api/server/emit", "{}"), "400 bad_request"),
            new Hostile(
                    "an emission to a namespace that is not there",
                    asRoot("POST", "/api/server/emit", "{\"namespace\":\"/never\",\"event\":\"x\"}"),
                    "404 not_found"),
            new Hostile(
                    "an emission of 101 values",
                    asRoot(
                            "POST",
                            "/api/server/emit",
                            "{\"event\":\"x\",\"to\":[\"hostile\"],\"data\":[" + "1,".repeat(100) + "1]}"),
                    "400 bad_request"),
            new Hostile(
                    "an emission to 1,001 rooms",
                    asRoot(
                            "POST",
                            "/api/server/emit",
                            "{\"event\":\"x\",\"to\":[" + "\"r\",".repeat(1_000) + "\"r\"]}"),
                    "400 bad_request"),
            new Hostile(
                    "a room without a name for all",
                    asRoot("POST", "/api/server/rooms/join", "{\"to\":[\"hostile\"],\"room\":\"\"}"),
                    "400 bad_request"),
            new Hostile("the end of all sockets", asRoot("POST", "/api/server/disconnect", "{}"), "400 bad_request"),
            new Hostile(
                    "who is connected, with a key that reads rooms",
                    asReader("GET", "/api/server/presence", ""),
                    "403 forbidden"),
            new Hostile(
                    "who is in a room, with a key that reads a stream of its name",
                    asReader("GET", "/api/server/presence?room=room:hostile", ""),
                    "403 forbidden"),
            new Hostile(
                    "whether 201 people are connected",
                    asRoot("GET", "/api/server/presence?users=" + "a,".repeat(200) + "a", ""),
                    "400 bad_request"),
            new Hostile(
                    "whether SQL is connected",
                    asRoot("GET", "/api/server/presence?users=%27%20OR%201=1", ""),
                    "400 bad_request"),
            new Hostile("1,001 people of all", asRoot("GET", "/api/server/presence?limit=1001", ""), "400 bad_request"),
            new Hostile(
                    "a room and a place at once",
                    asRoot("GET", "/api/server/presence?room=hostile&place=hostile", ""),
                    "400 bad_request"),
            new Hostile(
                    "who is in a room of a namespace that is not there",
                    asRoot("GET", "/api/server/presence?room=hostile&namespace=/never", ""),
                    "404 not_found"),
            new Hostile(
                    "the streams of people, with a key that reads rooms",
                    asReader("GET", "/api/server/streams?prefix=user:", ""),
                    "403 forbidden"),
            new Hostile(
                    "streams that begin with a wildcard",
                    asRoot("GET", "/api/server/streams?prefix=room:%25", ""),
                    "400 bad_request"),
            new Hostile(
                    "streams behind 162 letters",
                    asRoot("GET", "/api/server/streams?after=" + "a".repeat(162), ""),
                    "400 bad_request"),
            new Hostile("no streams at all", asRoot("GET", "/api/server/streams?limit=0", ""), "400 bad_request"),
            new Hostile(
                    "the end of a stream, with a key that reads it",
                    asReader("DELETE", "/api/server/streams/room:hostile", ""),
                    "403 forbidden"),
            new Hostile(
                    "the end of a stream that never was",
                    asRoot("DELETE", "/api/server/streams/room:never", ""),
                    "404 not_found"),
            new Hostile(
                    "the end of what has no name of a stream",
                    asRoot("DELETE", "/api/server/streams/hostile", ""),
                    "400 bad_request"),
            new Hostile("the end of the audit", asRoot("DELETE", "/api/server/streams/audit:log", ""), "403 forbidden"),
            new Hostile(
                    "the end of what the servers tell each other",
                    asRoot("DELETE", "/api/server/streams/socketio:hostile", ""),
                    "403 forbidden"),
            new Hostile(
                    "the end of somebody's files, with a key that reads rooms",
                    asReader("DELETE", "/api/server/files?owner=1", ""),
                    "403 forbidden"),
            new Hostile("the end of nobody's files", asRoot("DELETE", "/api/server/files", ""), "400 bad_request"),
            new Hostile(
                    "the end of the files of all",
                    asRoot("DELETE", "/api/server/files?owner=*", ""),
                    "400 bad_request"),
            new Hostile(
                    "the end of somebody's preferences, with a key that reads rooms",
                    asReader("DELETE", "/api/server/preferences?owner=1", ""),
                    "403 forbidden"),
            new Hostile(
                    "the end of the preferences of all",
                    asRoot("DELETE", "/api/server/preferences?owner=*", ""),
                    "400 bad_request"),
            new Hostile("a key that may do nothing", asRoot("POST", KEYS, "{\"name\":\"x\"}"), "400 bad_request"),
            new Hostile(
                    "a key that may do what there is not",
                    asRoot("POST", KEYS, "{\"name\":\"x\",\"capabilities\":[\"everything:*\"]}"),
                    "400 bad_request"),
            new Hostile("the end of a key that never was", asRoot("DELETE", KEYS + "/never", ""), "404 not_found"),
            new Hostile("a job that never was", asRoot("GET", "/api/server/jobs/999999", ""), "404 not_found"),
            new Hostile("a job in SQL", asRoot("GET", "/api/server/jobs/1%20OR%201=1", ""), "400 bad_request"),
            new Hostile(
                    "a job without data", asRoot("POST", "/api/server/jobs", "{\"kind\":\"mail\"}"), "400 bad_request"),
            new Hostile(
                    "a job of a kind with spaces",
                    asRoot("POST", "/api/server/jobs", "{\"kind\":\"a b\",\"data\":1}"),
                    "400 bad_request"),
            new Hostile(
                    "failed jobs once more, with a key that reads rooms",
                    asReader("POST", "/api/server/jobs/retry", "{\"kind\":\"mail\"}"),
                    "403 forbidden"),
            new Hostile(
                    "failed jobs of no kind once more",
                    asRoot("POST", "/api/server/jobs/retry", "{}"),
                    "400 bad_request"),
            new Hostile(
                    "no failed jobs once more",
                    asRoot("POST", "/api/server/jobs/retry", "{\"kind\":\"mail\",\"limit\":0}"),
                    "400 bad_request"),
            new Hostile(
                    "crons, with a key that reads rooms",
                    asReader("GET", "/api/server/jobs/crons", ""),
                    "403 forbidden"),
            new Hostile(
                    "a batch of jobs, with a key that reads rooms",
                    asReader("GET", "/api/server/jobs/batches/hostile", ""),
                    "403 forbidden"),
            new Hostile(
                    "jobs in a state that is none", asRoot("GET", "/api/server/jobs?state=odd", ""), "400 bad_request"),
            new Hostile(
                    "a webhook to a file",
                    asRoot("POST", "/api/server/webhooks", "{\"url\":\"file:///etc/passwd\",\"streams\":[\"room:*\"]}"),
                    "400 bad_request"),
            new Hostile(
                    "a webhook with a password in its URL",
                    asRoot(
                            "POST",
                            "/api/server/webhooks",
                            "{\"url\":\"https://a:b@example.org/\",\"streams\":[\"room:*\"]}"),
                    "400 bad_request"),
            new Hostile(
                    "a pause of a webhook that never was",
                    asRoot("POST", "/api/server/webhooks/never/pause", "{}"),
                    "404 not_found"),
            new Hostile(
                    "the secret of a webhook that never was",
                    asRoot("POST", "/api/server/webhooks/never/secret", "{}"),
                    "404 not_found"),
            new Hostile(
                    "the audit as a webhook",
                    asRoot(
                            "POST",
                            "/api/server/webhooks",
                            "{\"url\":\"https://example.org/\",\"streams\":[\"audit:log\"]}"),
                    "403 forbidden"));

    static final List<Hostile> ROWS = Stream.of(
                    ROUTES.stream().map(KeyRows::withoutKey),
                    ROUTES.stream().map(KeyRows::withUnknownKey),
                    SINGLE.stream())
            .flatMap(rows -> rows)
            .toList();
}
