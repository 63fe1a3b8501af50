package dev.tutti.cli.proof.hostile;

import java.util.List;

/** What belongs to others, numbers that mean nothing, and streams that one may not touch. */
final class AccessRows {
    private AccessRows() {}

    private static Attack get(String path) {
        return v -> v.http("GET", path, v.mallory());
    }

    /** A request of somebody who is no member of the conversation. */
    private static Attack outside(String method, String more, String body) {
        return v -> v.json(method, v.conversationPath(more), v.mallory(), body);
    }

    /** A request of a member. */
    private static Attack inside(String path) {
        return v -> v.http("GET", v.conversationPath(path), v.ann());
    }

    private static Attack append(String stream, String body) {
        return v -> v.json("POST", "/api/streams/" + stream, v.mallory(), body);
    }

    static final List<Hostile> ROWS = List.of(
            new Hostile(
                    "another's conversation", v -> v.http("GET", v.conversationPath(""), v.mallory()), "404 not_found"),
            new Hostile(
                    "another's messages",
                    v -> v.http("GET", v.conversationPath("/messages"), v.mallory()),
                    "404 not_found"),
            new Hostile(
                    "another's members",
                    v -> v.http("GET", v.conversationPath("/members"), v.mallory()),
                    "404 not_found"),
            new Hostile(
                    "a message to another's conversation",
                    outside("POST", "/messages", "{\"id\":\"x\",\"text\":\"x\"}"),
                    "404 not_found"),
            new Hostile(
                    "an edit in another's conversation",
                    outside("PATCH", "/messages/1", "{\"text\":\"x\"}"),
                    "404 not_found"),
            new Hostile("a deletion in another's conversation", outside("DELETE", "/messages/1", ""), "404 not_found"),
            new Hostile(
                    "a read receipt in another's conversation",
                    outside("POST", "/read", "{\"seq\":1}"),
                    "404 not_found"),
            new Hostile(
                    "inviting oneself",
                    v -> v.json(
                            "POST",
                            v.conversationPath("/members"),
                            v.mallory(),
                            "{\"user\":\"" + v.mallory().id() + "\"}"),
                    "404 not_found"),
            new Hostile("joining a conversation of two", outside("POST", "/join", "{}"), "404 not_found"),
            new Hostile(
                    "throwing a member out of another's conversation",
                    v -> v.http(
                            "DELETE", v.conversationPath("/members/" + v.ann().id()), v.mallory()),
                    "404 not_found"),
            new Hostile(
                    "an edit of the other's message",
                    v -> v.json("PATCH", v.conversationPath("/messages/1"), v.bob(), "{\"text\":\"x\"}"),
                    "403 forbidden"),
            new Hostile(
                    "a deletion of the other's message",
                    v -> v.http("DELETE", v.conversationPath("/messages/1"), v.bob()),
                    "403 forbidden"),
            new Hostile(
                    "a third in a conversation of two",
                    v -> v.json(
                            "POST",
                            v.conversationPath("/members"),
                            v.ann(),
                            "{\"user\":\"" + v.mallory().id() + "\"}"),
                    "409 conflict"),
            new Hostile(
                    "a reaction to another's message",
                    v -> v.json("PUT", v.conversationPath("/messages/1/reactions/%F0%9F%91%8D"), v.mallory(), "{}"),
                    "404 not_found"),
            new Hostile(
                    "a reaction of bytes that are no text",
                    v -> v.json("PUT", v.conversationPath("/messages/1/reactions/%FF%FE"), v.bob(), "{}"),
                    "400 bad_request"),
            new Hostile(
                    "a guess of an invitation link",
                    v -> v.json(
                            "POST",
                            "/api/invitations/link/join",
                            v.mallory(),
                            "{\"token\":\"" + "x".repeat(43) + "\"}"),
                    "404 not_found"),
            new Hostile(
                    "a link into a conversation of two",
                    v -> v.json("POST", v.conversationPath("/links"), v.ann(), "{}"),
                    "403 forbidden"),
            new Hostile("a conversation that never was", get("/api/conversations/999999999"), "404 not_found"),
            new Hostile("a conversation in SQL", get("/api/conversations/1%20OR%201=1"), "404 not_found"),
            new Hostile(
                    "a conversation beyond all numbers",
                    get("/api/conversations/99999999999999999999999"),
                    "404 not_found"),
            new Hostile(
                    "an edit of message -1",
                    v -> v.json("PATCH", v.conversationPath("/messages/-1"), v.ann(), "{\"text\":\"x\"}"),
                    "400 bad_request"),
            new Hostile(
                    "an edit of a message that never was",
                    v -> v.json("PATCH", v.conversationPath("/messages/999999"), v.ann(), "{\"text\":\"x\"}"),
                    "404 not_found"),
            new Hostile(
                    "an edit of a message beyond all numbers",
                    v -> v.json(
                            "PATCH", v.conversationPath("/messages/99999999999999999999"), v.ann(), "{\"text\":\"x\"}"),
                    "400 bad_request"),
            new Hostile("history before -1", inside("/messages?before=-1"), "400 bad_request"),
            new Hostile("history before a word", inside("/messages?before=yesterday"), "400 bad_request"),
            new Hostile("history before 2^64", inside("/messages?before=18446744073709551616"), "400 bad_request"),
            new Hostile("no messages at a time", inside("/messages?limit=0"), "400 bad_request"),
            new Hostile("-1 messages at a time", inside("/messages?limit=-1"), "400 bad_request"),
            new Hostile("a billion messages at a time", inside("/messages?limit=1000000000"), "400 bad_request"),
            new Hostile(
                    "having read to -1",
                    v -> v.json("POST", v.conversationPath("/read"), v.ann(), "{\"seq\":-1}"),
                    "400 bad_request"),
            new Hostile(
                    "having read what is not yet there",
                    v -> v.json("POST", v.conversationPath("/read"), v.ann(), "{\"seq\":9223372036854775807}"),
                    "400 bad_request"),
            new Hostile(
                    "another's conversation as a stream",
                    v -> v.http("GET", "/api/streams/conversation:" + v.conversation(), v.mallory()),
                    "403 forbidden"),
            new Hostile(
                    "the same as server-sent events",
                    v -> v.http("GET", "/api/streams/conversation:" + v.conversation() + "/events", v.mallory()),
                    "403 forbidden"),
            new Hostile(
                    "another's inbox",
                    v -> v.http("GET", "/api/streams/user:" + v.ann().id(), v.mallory()),
                    "403 forbidden"),
            new Hostile(
                    "a message put into the stream itself",
                    v -> v.json(
                            "POST",
                            "/api/streams/conversation:" + v.conversation(),
                            v.ann(),
                            "{\"type\":\"message\",\"data\":{}}"),
                    "403 forbidden"),
            new Hostile(
                    "something in another's inbox",
                    v -> v.json(
                            "POST", "/api/streams/user:" + v.ann().id(), v.mallory(), "{\"type\":\"x\",\"data\":{}}"),
                    "403 forbidden"),
            new Hostile("something in a feed", append("feed:news", "{\"type\":\"x\",\"data\":{}}"), "403 forbidden"),
            new Hostile(
                    "a stream of an unknown kind", append("secret:1", "{\"type\":\"x\",\"data\":{}}"), "403 forbidden"),
            new Hostile("a stream without a kind", append("lobby", "{\"type\":\"x\",\"data\":{}}"), "400 bad_request"),
            new Hostile(
                    "a stream named in SQL",
                    append("room:1'%3BDROP%20TABLE%20events%3B--", "{\"type\":\"x\",\"data\":{}}"),
                    "400 bad_request"),
            new Hostile(
                    "a stream name of 200 letters",
                    append("room:" + "a".repeat(200), "{\"type\":\"x\",\"data\":{}}"),
                    "400 bad_request"),
            new Hostile(
                    "an event type with spaces",
                    append("room:hostile", "{\"type\":\"a b\",\"data\":{}}"),
                    "400 bad_request"),
            new Hostile("an event without data", append("room:hostile", "{\"type\":\"x\"}"), "400 bad_request"),
            new Hostile(
                    "an event key of 65 characters",
                    append("room:hostile", "{\"type\":\"x\",\"data\":{},\"key\":\"" + "k".repeat(65) + "\"}"),
                    "400 bad_request"),
            new Hostile(
                    "an event of 300 KiB",
                    append("room:hostile", "{\"type\":\"x\",\"data\":\"" + "d".repeat(300 * 1024) + "\"}"),
                    "413 too_large"),
            new Hostile(
                    "an event with a NUL", append("room:hostile", "{\"type\":\"x\",\"data\":\"a\\u0000b\"}"), "201"),
            new Hostile(
                    "a room without a login",
                    v -> v.http("GET", "/api/streams/room:hostile", null),
                    "401 unauthenticated"),
            new Hostile(
                    "a stream that is not there, without a login",
                    v -> v.http("GET", "/api/streams/room:never", null),
                    "401 unauthenticated"),
            new Hostile(
                    "the audit without a login",
                    v -> v.http("GET", "/api/streams/audit:log", null),
                    "401 unauthenticated"),
            new Hostile(
                    "a public stream without a login, behind -1",
                    v -> v.http("GET", "/api/streams/room:public-1?after=-1", null),
                    "400 bad_request"),
            new Hostile(
                    "something in a public stream without a login",
                    v -> v.json("POST", "/api/streams/room:public-1", null, "{\"type\":\"x\",\"data\":{}}"),
                    "401 unauthenticated"),
            new Hostile("reading behind -1", get("/api/streams/room:hostile?after=-1"), "400 bad_request"),
            new Hostile("reading both ways", get("/api/streams/room:hostile?after=0&before=9"), "400 bad_request"),
            new Hostile(
                    "reading a million at a time", get("/api/streams/room:hostile?limit=1000000"), "400 bad_request"),
            new Hostile(
                    "events behind a word",
                    v -> v.http("GET", "/api/streams/room:hostile/events", v.mallory(), "Last-Event-ID: last"),
                    "400 bad_request"),
            new Hostile(
                    "a feed from a token of nonsense",
                    v -> {
                        try (Wire wire = v.wire()) {
                            wire.write(v.head("GET", "/api/feed", v.mallory(), List.of("Last-Event-ID: nonsense"))
                                    + "\r\n");
                            String body = wire.answer().body();
                            return Scrutiny.errorCode(body.substring(body.indexOf("data: ") + "data: ".length()));
                        }
                    },
                    "bad_request"),
            new Hostile("a feed without credentials", v -> v.http("GET", "/api/feed", null), "401 unauthenticated"));
}
