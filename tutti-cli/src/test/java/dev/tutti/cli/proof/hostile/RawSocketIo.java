package dev.tutti.cli.proof.hostile;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A Socket.IO connection over a WebSocket on which any packet can be sent. */
final class RawSocketIo {
    /** What is done on an open connection; gives the answer in brief. */
    @FunctionalInterface
    interface Talk {
        String on(RawSocketIo socket) throws Exception;
    }

    private final RawWebSocket socket;

    private RawSocketIo(RawWebSocket socket) {
        this.socket = socket;
    }

    /** Opens a connection without joining a namespace, and talks. */
    static String open(Victim victim, List<String> headers, Talk talk) throws Exception {
        return RawWebSocket.talk(victim, "/socket.io/?EIO=4&transport=websocket", null, headers, socket -> {
            socket.next(); // the open packet
            return talk.on(new RawSocketIo(socket));
        });
    }

    /** Opens a connection, joins the main namespace as {@code account}, and talks. */
    static String talk(Victim victim, Account account, Talk talk) throws Exception {
        return open(victim, List.of(), socket -> {
            String answer = socket.connect(account.token());
            return answer.equals("connected") ? talk.on(socket) : answer;
        });
    }

    /** Joins the main namespace with {@code token}. */
    String connect(@Nullable String token) throws IOException {
        return ask(token == null ? "40" : "40" + Api.JSON.writeValueAsString(Map.of("token", token)));
    }

    /** Sends one packet as it is. */
    void send(String packet) {
        socket.text(packet);
    }

    /** Sends one packet as it is, and waits for the answer. */
    String ask(String packet) throws IOException {
        send(packet);
        return answer();
    }

    /** The WebSocket below. */
    RawWebSocket frames() {
        return socket;
    }

    /** What the server says next, in brief; events are none of it. */
    String answer() throws IOException {
        try {
            while (true) {
                String packet = socket.next();
                if (packet.startsWith("close")) {
                    return packet;
                }
                int json = Math.min(first(packet, '['), first(packet, '{'));
                String head = packet.substring(0, Math.min(packet.length(), 2));
                switch (head) {
                    case "40" -> {
                        return "connected";
                    }
                    case "41" -> {
                        return "disconnected";
                    }
                    case "44" -> {
                        JsonNode error = Api.JSON.readTree(packet.substring(json));
                        return "connect_error "
                                + error.path("data").path("code").asString("without a code");
                    }
                    case "43" -> {
                        JsonNode answer =
                                Api.JSON.readTree(packet.substring(json)).path(0);
                        return "ack "
                                + (answer.has("error")
                                        ? answer.path("error").path("code").asString()
                                        : "ok");
                    }
                    case "2" -> send("3"); // alive
                    default -> {
                        // events answer nothing
                    }
                }
            }
        } catch (EOFException | SocketException end) {
            return "closed";
        }
    }

    private static int first(String packet, char c) {
        int at = packet.indexOf(c);
        return at < 0 ? packet.length() : at;
    }
}
