package dev.tutti.testkit.client;

import io.socket.client.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The official Socket.IO client, following its streams and sending by {@code message:send}; some use polling first and upgrade. */
public final class SocketIoClient extends ReconnectingClient {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final String[] transports;
    private volatile @Nullable Connection current;

    /** One that speaks in {@code conversations}. */
    public SocketIoClient(
            Addresses addresses,
            Account account,
            List<String> conversations,
            List<String> transports,
            ClientDeliveries seen) {
        super(addresses, account, conversations, seen);
        this.transports = transports.toArray(String[]::new);
    }

    @Override
    void connect(URI address) throws InterruptedException {
        Connection connection = new Connection(seen().connect(), address);
        current = connection;
        connection.run();
    }

    @Override
    void leave() {
        Connection connection = current;
        if (connection != null) {
            connection.ended.countDown();
        }
    }

    @Override
    public Outcome send(String stream, String id) throws InterruptedException {
        Connection connection = current;
        if (connection == null || !connection.socket.connected()) {
            return new Outcome.Refused("not connected");
        }
        long request = request();
        Map<String, Object> message = Map.of("conversation", conversation(stream), "id", id, "text", "message " + id);
        return answers.await(request, () -> {
            var _ = connection
                    .socket
                    .emitWithAck("message:send", message)
                    .thenAccept(answer -> answers.answered(request, outcome(answer)));
        });
    }

    private static Outcome outcome(JsonNode answer) {
        return answer.path("ok").asBoolean(false)
                ? new Outcome.Acknowledged(answer.path("seq").asLong())
                : Outcome.of(answer.path("error"));
    }

    /** One connection, from its opening to its end; its handlers are called on the client library's one thread. */
    private final class Connection {
        final OfficialSocket socket;
        final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch connected = new CountDownLatch(1);

        Connection(int number, URI address) {
            socket = OfficialSocket.at(address)
                    .account(account())
                    .transports(transports)
                    .patience(PATIENCE)
                    .build();
            socket.on("event", event -> seen().event(number, event));
            socket.on("gap", gap -> seen().gap(number, gap));
            socket.on("position", position -> seen().position(number, position.asString()));
            socket.on(Socket.EVENT_CONNECT, _ -> {
                String token = seen().follow(number);
                Map<String, Object> follow = Map.of("token", token == null ? JSONObject.NULL : (Object) token);
                var _ = socket.emitWithAck("follow", follow).thenAccept(answer -> followed(number, answer));
                connected.countDown();
            });
            socket.on(Socket.EVENT_CONNECT_ERROR, _ -> end());
            socket.on(Socket.EVENT_DISCONNECT, _ -> end());
        }

        /** Nobody waits any longer, neither for its beginning nor for its end. */
        private void end() {
            ended.countDown();
            connected.countDown();
        }

        /** Following that could not be begun may be begun at the next instance. */
        private void followed(int number, JsonNode answer) {
            if (answer.has("error")) {
                seen().notFollowed(number, answer.path("error").path("code").asString());
                end();
            }
        }

        void run() throws InterruptedException {
            try {
                socket.open();
                boolean goesOn = connected.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                while (goesOn && !ended.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    goesOn = socket.connected(); // the library does not always tell
                }
            } finally {
                socket.abort();
            }
        }
    }
}
