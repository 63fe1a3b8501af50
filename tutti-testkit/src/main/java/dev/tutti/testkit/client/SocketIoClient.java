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

/**
 * A {@link Client} with the official Socket.IO client: it follows its streams, and sends chat messages with {@code message:send}. Safe for
 * use by many threads.
 */
public final class SocketIoClient extends ReconnectingClient {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final String[] transports;
    private volatile @Nullable Connection current;

    /**
     * A client that is not connected yet.
     *
     * @param conversations the streams of the conversations to which it sends
     * @param transports the transports in the order of their use: {@code polling}, {@code websocket}
     * @param seen records the deliveries
     */
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

    /** One connection, from its opening to its end. Its handlers run on the library's only thread. */
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

        /** Ends the waits for the beginning and for the end of the connection. */
        private void end() {
            ended.countDown();
            connected.countDown();
        }

        /** If the server refused {@code follow}, the client tries the next instance. */
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
                    goesOn = socket.connected(); // the library does not report every end
                }
            } finally {
                socket.abort();
            }
        }
    }
}
