package dev.tutti.testkit.client;

import io.socket.client.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The official Socket.IO client, following its streams and sending by {@code message:send}. A virtual thread of its
 * own makes a new connection, at the next instance, when one has ended; some use polling first and upgrade.
 */
public final class SocketIoClient implements Client {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String CONVERSATION = "conversation:";

    private final Addresses addresses;
    private final Account account;
    private final List<String> conversations;
    private final String[] transports;
    private final ClientDeliveries seen;
    private final Thread driver = Thread.ofVirtual().unstarted(this::stayConnected);
    private final AtomicLong requests = new AtomicLong();
    private final PendingReplies answers = new PendingReplies(this::leave);
    private volatile @Nullable Connection current;
    private volatile boolean closed;

    /** One that speaks in {@code conversations}. */
    public SocketIoClient(
            Addresses addresses,
            Account account,
            List<String> conversations,
            List<String> transports,
            ClientDeliveries seen) {
        this.addresses = addresses;
        this.account = account;
        this.conversations = List.copyOf(conversations);
        this.transports = transports.toArray(String[]::new);
        this.seen = seen;
    }

    @Override
    public void open() {
        driver.start();
    }

    private void stayConnected() {
        try {
            while (!closed) {
                Connection connection = new Connection(seen.connect(), addresses.next());
                current = connection;
                connection.run();
                answers.none();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives up the connection there is, as nothing comes through it. */
    private void leave() {
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
        long request = requests.incrementAndGet();
        Map<String, Object> message =
                Map.of("conversation", stream.substring(CONVERSATION.length()), "id", id, "text", "message " + id);
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

    @Override
    public Account account() {
        return account;
    }

    @Override
    public List<String> streams() {
        return conversations;
    }

    @Override
    public ClientDeliveries seen() {
        return seen;
    }

    @Override
    public void close() {
        closed = true;
        leave();
        driver.interrupt();
    }

    /** One connection, from its opening to its end; its handlers are called on the client library's one thread. */
    private final class Connection {
        final OfficialSocket socket;
        final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch connected = new CountDownLatch(1);

        Connection(int number, URI address) {
            socket = OfficialSocket.at(address)
                    .account(account)
                    .transports(transports)
                    .patience(PATIENCE)
                    .build();
            socket.on("event", event -> seen.event(number, event));
            socket.on("gap", gap -> seen.gap(number, gap));
            socket.on("position", position -> seen.position(number, position.asString()));
            socket.on(Socket.EVENT_CONNECT, _ -> {
                String token = seen.follow(number);
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
                seen.notFollowed(number, answer.path("error").path("code").asString());
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
