package dev.tutti.cli.proof.hostile;

import static dev.tutti.cli.proof.hostile.RawWebSocket.BINARY;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Engine.IO and Socket.IO packets against their protocols, over polling and over a WebSocket. */
final class SocketIoRows {
    private static final String POLLING = "/socket.io/?EIO=4&transport=polling";
    private static final int FIN = 0x80;

    private SocketIoRows() {}

    private static Attack get(String path) {
        return v -> v.http("GET", path, null);
    }

    /** Opens a polling session; what {@code payload} posted to it brings. */
    private static Attack posted(String payload) {
        return v -> post(v, open(v), payload);
    }

    private static String open(Victim victim) throws IOException {
        try (Wire wire = victim.wire()) {
            wire.write(victim.head("GET", POLLING, null, List.of()) + "\r\n");
            return wire.answer().body().replaceFirst(".*\"sid\":\"([^\"]+)\".*", "$1");
        }
    }

    private static String post(Victim victim, String sid, String payload) throws IOException {
        return victim.bytes(
                "POST",
                POLLING + "&sid=" + sid,
                null,
                "text/plain;charset=UTF-8",
                payload.getBytes(StandardCharsets.UTF_8));
    }

    /** What an unconnected socket is told when it sends {@code packet}. */
    private static Attack early(String packet) {
        return v -> RawSocketIo.open(v, List.of(), socket -> socket.ask(packet));
    }

    /** What a connected socket is told when it sends {@code packet}. */
    private static Attack sent(String packet) {
        return v -> RawSocketIo.talk(v, v.mallory(), socket -> socket.ask(packet));
    }

    private static Attack connecting(@Nullable String token) {
        return v -> RawSocketIo.open(v, List.of(), socket -> socket.connect(token));
    }

    static final List<Hostile> ROWS = List.of(
            new Hostile("no version of Engine.IO", get("/socket.io/?transport=polling"), "400"),
            new Hostile("Engine.IO 3", get("/socket.io/?EIO=3&transport=polling"), "400"),
            new Hostile("an unknown transport", get("/socket.io/?EIO=4&transport=pigeon"), "400"),
            new Hostile("a WebSocket that does not upgrade", get("/socket.io/?EIO=4&transport=websocket"), "400"),
            new Hostile("a session that never was", get(POLLING + "&sid=never"), "400"),
            new Hostile("a session of 5,000 letters", get(POLLING + "&sid=" + "s".repeat(5_000)), "400"),
            new Hostile(
                    "a payload to no session",
                    v -> v.bytes("POST", POLLING, null, "text/plain", new byte[] {'4'}),
                    "400"),
            new Hostile("a payload to a session that never was", v -> post(v, "never", "40"), "400"),
            new Hostile("PUT to a session", v -> v.http("PUT", POLLING + "&sid=" + open(v), null), "400"),
            new Hostile(
                    "an upgrade of a session that never was",
                    v -> RawWebSocket.talk(
                            v, "/socket.io/?EIO=4&transport=websocket&sid=never", null, List.of(), _ -> "opened"),
                    "400"),
            new Hostile("an empty payload", posted(""), "400"),
            new Hostile("a payload of separators", posted("\u001e".repeat(100_000)), "413"),
            new Hostile("a payload of 100,000 pings", posted("2\u001e".repeat(100_000) + "2"), "413"),
            new Hostile("a packet of an unknown type", posted("9"), "400"),
            new Hostile("base64 that is none", posted("b!!!"), "400"),
            new Hostile("a Socket.IO packet of an unknown type", posted("49"), "400"),
            new Hostile("a payload of 1.5 MiB", posted("4" + "x".repeat(1_500_000)), "413"),
            new Hostile(
                    "two polls at a time",
                    v -> {
                        String sid = open(v);
                        try (Wire first = v.wire()) {
                            first.write(v.head("GET", POLLING + "&sid=" + sid, null, List.of()) + "\r\n");
                            String second = v.http("GET", POLLING + "&sid=" + sid, null);
                            // either of the two may come first
                            return Stream.of(Victim.brief(first), second)
                                    .sorted()
                                    .collect(Collectors.joining(", "));
                        }
                    },
                    "200, 400"),
            new Hostile("no credentials", connecting(null), "connect_error unauthenticated"),
            new Hostile("a forged token", connecting("forged"), "connect_error unauthenticated"),
            new Hostile("credentials that are a list", early("40[]"), "close 1002"),
            new Hostile("credentials that are a number", early("40{\"token\":7}"), "connect_error unauthenticated"),
            new Hostile(
                    "a namespace that never was",
                    v -> RawSocketIo.open(
                            v,
                            List.of(),
                            socket -> socket.ask(
                                    "40/admin,{\"token\":\"" + v.mallory().token() + "\"}")),
                    "connect_error without a code"),
            new Hostile("a namespace of 5,000 letters", early("40/" + "n".repeat(5_000) + ","), "close 1002"),
            new Hostile("an event before joining", early("42[\"follow\",{}]"), "close 1002"),
            new Hostile(
                    "a connection that never joins",
                    v -> RawSocketIo.open(v, List.of(), RawSocketIo::answer),
                    "close 1000"),
            new Hostile("an Engine.IO packet of an unknown type", early("7"), "close 1002"),
            new Hostile("nothing", early(""), "close 1002"),
            new Hostile("an open packet by a client", early("0{}"), "close 1002"),
            new Hostile(
                    "joining twice",
                    v -> RawSocketIo.talk(
                            v,
                            v.mallory(),
                            socket -> socket.ask("40{\"token\":\"" + v.mallory().token() + "\"}")),
                    "connected"),
            new Hostile("a packet of an unknown type", sent("47[\"x\"]"), "close 1002"),
            new Hostile("an event that is no list", sent("42{\"a\":1}"), "close 1002"),
            new Hostile("an event without a name", sent("420[]"), "close 1002"),
            new Hostile("an event whose name is an object", sent("420[{}]"), "close 1002"),
            new Hostile("an event with a reserved name", sent("420[\"disconnect\"]"), "close 1002"),
            new Hostile("an event of half a list", sent("420[\"follow\""), "close 1002"),
            new Hostile(
                    "an event 10,000 lists deep",
                    sent("420[\"follow\"," + "[".repeat(10_000) + "]".repeat(10_000) + "]"),
                    "ack bad_request"),
            new Hostile("an event that nobody handles", sent("420[\"sudo\"]"), "ack not_found"),
            new Hostile(
                    "an acknowledgement id of 30 digits",
                    sent("42" + "9".repeat(30) + "[\"follow\",{}]"),
                    "close 1002"),
            new Hostile("a negative acknowledgement id", sent("42-1[\"follow\",{}]"), "close 1002"),
            new Hostile(
                    "an acknowledgement of nothing",
                    v -> RawSocketIo.talk(v, v.mallory(), socket -> {
                        socket.send("43999[]");
                        return socket.ask("420[\"follow\",{}]");
                    }),
                    "ack ok"),
            new Hostile("10,000 attachments", sent("4510000-[\"x\"]"), "close 1002"),
            new Hostile("attachments without a number", sent("45-[\"x\"]"), "close 1002"),
            new Hostile("-1 attachments", sent("45-1-[\"x\"]"), "close 1002"),
            new Hostile(
                    "a packet where an attachment is due",
                    v -> RawSocketIo.talk(v, v.mallory(), socket -> {
                        socket.send("451-[\"x\",{\"_placeholder\":true,\"num\":0}]");
                        return socket.ask("420[\"follow\",{}]");
                    }),
                    "close 1002"),
            new Hostile(
                    "an attachment that nobody announced",
                    v -> RawSocketIo.talk(v, v.mallory(), socket -> {
                        socket.frames().frame(FIN | BINARY, true, new byte[4]);
                        return socket.answer();
                    }),
                    "close 1002"),
            new Hostile(
                    "a place for an attachment that is not there",
                    v -> RawSocketIo.talk(v, v.mallory(), socket -> {
                        socket.send("451-0[\"message:send\",{\"_placeholder\":true,\"num\":7}]");
                        socket.frames().frame(FIN | BINARY, true, new byte[4]);
                        return socket.answer();
                    }),
                    "close 1002"),
            new Hostile(
                    "following from a token of nonsense",
                    sent("420[\"follow\",{\"token\":\"nonsense\"}]"),
                    "ack bad_request"),
            new Hostile("following from a number", sent("420[\"follow\",{\"token\":7}]"), "ack bad_request"),
            new Hostile(
                    "a message to another's conversation",
                    v -> RawSocketIo.talk(
                            v,
                            v.mallory(),
                            socket -> socket.ask("420[\"message:send\",{\"conversation\":\"" + v.conversation()
                                    + "\",\"id\":\"x\",\"text\":\"x\"}]")),
                    "ack not_found"),
            new Hostile("a message that is a string", sent("420[\"message:send\",\"x\"]"), "ack bad_request"),
            new Hostile("a message of nothing at all", sent("420[\"message:send\"]"), "ack bad_request"),
            new Hostile(
                    "an edit of the other's message",
                    v -> RawSocketIo.talk(
                            v,
                            v.bob(),
                            socket -> socket.ask("420[\"message:edit\",{\"conversation\":\"" + v.conversation()
                                    + "\",\"seq\":1,\"text\":\"x\"}]")),
                    "ack forbidden"),
            new Hostile(
                    "a reaction that is a word",
                    v -> RawSocketIo.talk(
                            v,
                            v.bob(),
                            socket -> socket.ask("420[\"reaction:add\",{\"conversation\":\"" + v.conversation()
                                    + "\",\"seq\":1,\"emoji\":\"yes\"}]")),
                    "ack bad_request"),
            new Hostile(
                    "a reaction in another's conversation",
                    v -> RawSocketIo.talk(
                            v,
                            v.mallory(),
                            socket -> socket.ask("420[\"reaction:add\",{\"conversation\":\"" + v.conversation()
                                    + "\",\"seq\":1,\"emoji\":\"👍\"}]")),
                    "ack not_found"),
            new Hostile(
                    "a renewal by somebody else",
                    v -> RawSocketIo.talk(
                            v,
                            v.mallory(),
                            socket -> socket.ask(
                                    "420[\"auth:renew\",{\"token\":\"" + v.bob().token() + "\"}]")),
                    "ack forbidden"),
            new Hostile(
                    "a renewal with a forged token",
                    sent("420[\"auth:renew\",{\"token\":\"forged\"}]"),
                    "ack unauthenticated"));
}
