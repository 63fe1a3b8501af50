package dev.tutti.server.proof.crash;

import dev.tutti.server.proof.Account;
import dev.tutti.server.proof.Api;
import io.socket.client.AckWithTimeout;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.json.JSONObject;
import tools.jackson.databind.JsonNode;

/** The official Socket.IO client over WebSocket, following the feed of the chat and sending by {@code message:send}. */
final class SocketIoCrashClient implements CrashClient {
    private static final long ANSWER_MILLIS = 5_000;

    private final Seen seen;
    private final List<String> conversations;
    private final Socket socket;

    SocketIoCrashClient(URI address, Account account, List<String> conversations, Seen seen) {
        this.seen = seen;
        this.conversations = conversations;
        IO.Options options = IO.Options.builder()
                .setTransports(new String[] {"websocket"})
                .setAuth(Map.of("token", account.token()))
                .setForceNew(true)
                .setReconnectionDelay(50)
                .setReconnectionDelayMax(500)
                .build();
        socket = IO.socket(address, options);
        // the client calls all handlers on one thread: what the last connection brought stands in front of this
        socket.on(Socket.EVENT_CONNECT, _ -> follow());
    }

    void open() {
        socket.connect();
    }

    private void follow() {
        int connection = seen.connect();
        socket.off("event");
        socket.off("position");
        socket.on("event", values -> seen.event(connection, json(values[0])));
        socket.on("position", values -> seen.position(connection, String.valueOf(values[0])));
        String token = seen.token();
        socket.emit("follow", object(Map.of("token", token == null ? JSONObject.NULL : token)));
    }

    @Override
    public Outcome send(String stream, String id) throws InterruptedException {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        socket.emit("message:send", new Object[] {message(stream, id)}, new AckWithTimeout(ANSWER_MILLIS) {
            @Override
            public void onSuccess(Object... values) {
                JsonNode answer = json(values[0]);
                outcome.complete(
                        answer.path("ok").asBoolean(false)
                                ? new Outcome.Acknowledged(answer.path("seq").asLong())
                                : Outcome.of(answer.path("error")));
            }

            @Override
            public void onTimeout() {
                outcome.complete(new Outcome.Unknown());
            }
        });
        return outcome.join();
    }

    private static JSONObject message(String stream, String id) {
        return object(
                Map.of("conversation", stream.substring("conversation:".length()), "id", id, "text", "message " + id));
    }

    private static JSONObject object(Map<String, Object> properties) {
        return new JSONObject(properties);
    }

    @Override
    public String key(Account account, String stream, String id) {
        return account.id() + "." + id;
    }

    @Override
    public List<String> streams() {
        return conversations;
    }

    @Override
    public Seen seen() {
        return seen;
    }

    @Override
    public void close() {
        socket.close();
    }

    private static JsonNode json(Object value) {
        return Api.JSON.readTree(value.toString());
    }

    @Override
    public String toString() {
        return "Socket.IO " + Arrays.toString(conversations.toArray());
    }
}
