package dev.tutti.cli.proof.hostile;

import static dev.tutti.cli.proof.hostile.RawWebSocket.BINARY;
import static dev.tutti.cli.proof.hostile.RawWebSocket.CLOSE;
import static dev.tutti.cli.proof.hostile.RawWebSocket.CONTINUATION;
import static dev.tutti.cli.proof.hostile.RawWebSocket.PING;
import static dev.tutti.cli.proof.hostile.RawWebSocket.TEXT;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Frames that are none, messages that are none, and requests that mean nothing on {@code /ws}. */
final class WebSocketRows {
    private static final int FIN = 0x80;
    private static final int MIB = 1024 * 1024;

    private WebSocketRows() {}

    private static Attack talk(RawWebSocket.Talk talk) {
        return v -> RawWebSocket.talk(v, v.mallory(), talk);
    }

    private static Attack frame(int first, boolean masked, int length) {
        return talk(socket -> {
            socket.frame(first, masked, new byte[length]);
            return socket.answer();
        });
    }

    private static Attack announced(int first, long length) {
        return talk(socket -> {
            socket.announce(first, length);
            return socket.answer();
        });
    }

    private static Attack says(String message) {
        return talk(socket -> {
            socket.text(message);
            return socket.answer();
        });
    }

    /** The answer to {@code message} of a client without a login that reads something public, behind that to its subscription. */
    private static Attack guest(String message) {
        return v -> RawWebSocket.talk(v, null, socket -> {
            socket.text("{\"op\":\"subscribe\",\"stream\":\"room:public-1\"}");
            String subscribed = socket.answer();
            socket.text(message);
            return subscribed + ", " + socket.answer();
        });
    }

    private static Attack handshake(String... headers) {
        return v -> v.http("GET", "/ws", v.mallory(), headers);
    }

    static final List<Hostile> ROWS = List.of(
            new Hostile(
                    "a handshake without a key",
                    handshake("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
                    "400 bad_request"),
            new Hostile(
                    "a handshake of version 8",
                    handshake(
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 8",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                    "415 unsupported"),
            new Hostile(
                    "a handshake that does not upgrade",
                    handshake(
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                    "400 bad_request"),
            new Hostile(
                    "a handshake for something else",
                    handshake("Connection: Upgrade", "Upgrade: h2c"),
                    "400 bad_request"),
            new Hostile(
                    "a forged token in the handshake",
                    v -> RawWebSocket.talk(
                            v, "/ws", null, List.of("Authorization: Bearer forged"), RawWebSocket::answer),
                    "error unauthenticated"),
            new Hostile("a frame without a mask", frame(FIN | TEXT, false, 5), "close 1002"),
            new Hostile("a reserved opcode", frame(FIN | 3, true, 0), "close 1002"),
            new Hostile("a reserved control opcode", frame(FIN | 11, true, 0), "close 1002"),
            new Hostile("a reserved bit", frame(FIN | 0x40 | TEXT, true, 5), "close 1002"),
            new Hostile("a continuation of nothing", frame(FIN | CONTINUATION, true, 5), "close 1002"),
            new Hostile("a ping of 126 bytes", frame(FIN | PING, true, 126), "close 1002"),
            new Hostile("a ping in pieces", frame(PING, true, 5), "close 1002"),
            new Hostile("a close of one byte", frame(FIN | CLOSE, true, 1), "close 1002"),
            new Hostile(
                    "a close with a code that is not for the wire",
                    talk(socket -> {
                        socket.frame(FIN | CLOSE, true, new byte[] {0x03, (byte) 0xED}); // 1005
                        return socket.answer();
                    }),
                    "close 1002"),
            new Hostile("a frame that announces 2 MiB", announced(FIN | TEXT, 2 * MIB), "close 1009"),
            new Hostile("a frame that announces 2^62 bytes", announced(FIN | TEXT, 1L << 62), "close 1009"),
            new Hostile("a frame of a negative length", announced(FIN | TEXT, Long.MIN_VALUE), "close 1002"),
            new Hostile(
                    "a message that grows beyond 1 MiB in pieces",
                    talk(socket -> {
                        socket.frame(TEXT, true, new byte[64 * 1024]);
                        for (int i = 0; i < 17; i++) {
                            socket.frame(CONTINUATION, true, new byte[64 * 1024]);
                        }
                        return socket.answer();
                    }),
                    "close 1009"),
            new Hostile(
                    "a second message within a message in pieces",
                    talk(socket -> {
                        socket.frame(TEXT, true, new byte[1]);
                        socket.frame(FIN | TEXT, true, new byte[1]);
                        return socket.answer();
                    }),
                    "close 1002"),
            new Hostile(
                    "text that is not UTF-8",
                    talk(socket -> {
                        socket.frame(FIN | TEXT, true, new byte[] {(byte) 0xC3, 0x28});
                        return socket.answer();
                    }),
                    "close 1007"),
            new Hostile(
                    "text with half a character",
                    talk(socket -> {
                        socket.frame(FIN | TEXT, true, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
                        return socket.answer();
                    }),
                    "close 1007"),
            new Hostile("binary where only text is spoken", frame(FIN | BINARY, true, 5), "close 1003"),
            new Hostile("text that is not JSON", says("hello"), "error bad_request"),
            new Hostile("an empty message", says(""), "error bad_request"),
            new Hostile("a list", says("[]"), "error bad_request"),
            new Hostile("lists 10,000 deep", says("[".repeat(10_000)), "error bad_request"),
            new Hostile("an object without an op", says("{\"id\":1}"), "error bad_request"),
            new Hostile("an unknown op", says("{\"op\":\"sudo\",\"id\":1}"), "error bad_request"),
            new Hostile("an op that is a number", says("{\"op\":1,\"id\":1}"), "error bad_request"),
            new Hostile("an id that is an object", says("{\"op\":\"ping\",\"id\":{}}"), "error bad_request"),
            new Hostile(
                    "a forged token in band",
                    says("{\"op\":\"auth\",\"id\":1,\"token\":\"forged\"}"),
                    "error unauthenticated"),
            new Hostile(
                    "a message before credentials",
                    v -> RawWebSocket.talk(v, null, socket -> {
                        socket.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:1\"}");
                        return socket.answer();
                    }),
                    "error unauthenticated"),
            new Hostile(
                    "a connection that never shows credentials",
                    v -> RawWebSocket.talk(v, null, socket -> socket.answer() + ", " + socket.answer()),
                    "error unauthenticated, close 4201"),
            new Hostile(
                    "another's conversation",
                    v -> RawWebSocket.talk(v, v.mallory(), socket -> {
                        socket.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"conversation:" + v.conversation()
                                + "\",\"after\":0}");
                        return socket.answer();
                    }),
                    "error forbidden"),
            new Hostile(
                    "another's inbox",
                    v -> RawWebSocket.talk(v, v.mallory(), socket -> {
                        socket.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"user:"
                                + v.ann().id() + "\"}");
                        return socket.answer();
                    }),
                    "error forbidden"),
            new Hostile(
                    "a stream name of nonsense",
                    says("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"../../etc\"}"),
                    "error bad_request"),
            new Hostile(
                    "behind -1",
                    says("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:1\",\"after\":-1}"),
                    "error bad_request"),
            new Hostile(
                    "behind a fraction",
                    says("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:1\",\"after\":1.5}"),
                    "error bad_request"),
            new Hostile(
                    "behind what is not yet there",
                    says("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:1\",\"after\":9007199254740991}"),
                    "ok"),
            new Hostile(
                    "the same stream twice",
                    talk(socket -> {
                        socket.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:1\"}");
                        socket.text("{\"op\":\"subscribe\",\"id\":2,\"stream\":\"room:1\"}");
                        String first = socket.answer();
                        return first + ", " + socket.answer();
                    }),
                    "ok, error conflict"),
            new Hostile(
                    "an unsubscription from nothing",
                    says("{\"op\":\"unsubscribe\",\"id\":1,\"stream\":\"room:1\"}"),
                    "ok"),
            new Hostile(
                    "a publication to a feed",
                    says("{\"op\":\"publish\",\"id\":1,\"stream\":\"feed:1\",\"type\":\"x\",\"data\":1}"),
                    "error forbidden"),
            new Hostile(
                    "a publication of nothing",
                    says("{\"op\":\"publish\",\"id\":1,\"stream\":\"room:1\",\"type\":\"x\"}"),
                    "error bad_request"),
            new Hostile(
                    "a publication of 300 KiB",
                    says("{\"op\":\"publish\",\"id\":1,\"stream\":\"room:1\",\"type\":\"x\",\"data\":\""
                            + "d".repeat(300 * 1024) + "\"}"),
                    "error too_large"),
            new Hostile(
                    "a feed from a token of nonsense",
                    says("{\"op\":\"follow\",\"id\":1,\"token\":\"nonsense\"}"),
                    "error bad_request"),
            new Hostile(
                    "a feed from a token of 70,000 marks",
                    says("{\"op\":\"follow\",\"id\":1,\"token\":\"1" + "~room:1@1".repeat(70_000) + "\"}"),
                    "error too_large"),
            new Hostile(
                    "a room of others without a login",
                    guest("{\"op\":\"subscribe\",\"stream\":\"room:hostile\"}"),
                    "ok, error unauthenticated"),
            new Hostile(
                    "a room that is not there, without a login",
                    guest("{\"op\":\"subscribe\",\"stream\":\"room:never\"}"),
                    "ok, error unauthenticated"),
            new Hostile(
                    "a publication without a login",
                    guest("{\"op\":\"publish\",\"stream\":\"room:public-1\",\"type\":\"x\",\"data\":1}"),
                    "ok, error unauthenticated"),
            new Hostile(
                    "a public stream twice without a login",
                    guest("{\"op\":\"subscribe\",\"stream\":\"room:public-1\"}"),
                    "ok, error conflict"),
            new Hostile(
                    "10,000 messages at once",
                    talk(socket -> {
                        byte[] ping = "{\"op\":\"ping\",\"id\":1}".getBytes(StandardCharsets.UTF_8);
                        for (int i = 0; i < 10_000; i++) {
                            socket.frame(FIN | TEXT, true, ping);
                        }
                        String last = "pong";
                        while (last.equals("pong")) {
                            last = socket.answer();
                        }
                        return last;
                    }),
                    "error rate_limited"));
}
