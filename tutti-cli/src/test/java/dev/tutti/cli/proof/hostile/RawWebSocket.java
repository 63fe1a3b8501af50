package dev.tutti.cli.proof.hostile;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.RawConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A WebSocket on which any frame can be sent. */
final class RawWebSocket {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;

    /** What is done on an open WebSocket; gives the answer in brief. */
    @FunctionalInterface
    interface Talk {
        String on(RawWebSocket socket) throws Exception;
    }

    private final Wire wire;

    private RawWebSocket(Wire wire) {
        this.wire = wire;
    }

    /** Opens a WebSocket and talks; a refused opening is the answer. */
    static String talk(Victim victim, String path, @Nullable Account account, List<String> headers, Talk talk)
            throws Exception {
        try (Wire wire = victim.wire()) {
            List<String> all = new ArrayList<>(List.of(
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            all.addAll(headers);
            wire.write(victim.head("GET", path, account, all) + "\r\n");
            Wire.Answer answer = wire.answer();
            return answer.status() == 101 ? talk.on(new RawWebSocket(wire)) : answer.brief();
        } catch (EOFException | SocketException end) {
            return "closed";
        }
    }

    /** Opens {@code /ws} as {@code account} and talks. */
    static String talk(Victim victim, @Nullable Account account, Talk talk) throws Exception {
        return talk(victim, "/ws", account, List.of(), talk);
    }

    /** Sends a whole text message. */
    void text(String text) {
        frame(0x80 | TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame; {@code first} is its first byte: flags and opcode. */
    void frame(int first, boolean masked, byte[] payload) {
        wire.write(RawConnection.frame(first, payload, masked));
    }

    /** Sends the head of a frame whose length needs eight bytes, and nothing of the rest. */
    void announce(int first, long length) {
        ByteBuffer head = ByteBuffer.allocate(2 + Long.BYTES + 4);
        wire.write(head.put((byte) first).put((byte) 0xFF).putLong(length).array());
    }

    /** The next text message. */
    String next() throws IOException {
        Wire.Frame frame = wire.frame();
        while (frame.opcode() == PING) {
            frame = wire.frame();
        }
        return frame.opcode() == CLOSE ? closed(frame) : frame.text();
    }

    /** What the server says to the last request on {@code /ws}, in brief. */
    String answer() throws IOException {
        try {
            while (true) {
                String message = next();
                if (message.startsWith("close")) {
                    return message;
                }
                JsonNode json = Api.JSON.readTree(message);
                switch (json.path("op").asString()) {
                    case "error" -> {
                        return "error " + json.path("error").path("code").asString();
                    }
                    case "ok", "pong", "gap" -> {
                        return json.path("op").asString();
                    }
                    default -> {
                        // hello, event and position answer nothing
                    }
                }
            }
        } catch (EOFException | SocketException end) {
            return "closed";
        } catch (JacksonException notJson) {
            return "not JSON";
        }
    }

    private static String closed(Wire.Frame frame) {
        String payload = frame.payload();
        return payload.length() < 2 ? "close" : "close " + ((payload.charAt(0) << 8) | payload.charAt(1));
    }
}
