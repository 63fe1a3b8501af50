package dev.tutti.testkit.client;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The official Socket.IO client, following the feed of the chat and sending by {@code message:send}. A virtual thread of its
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
    private final Seen seen;
    // of its own: the library's shared one has only five requests at a time for all instances, as they share a host
    private final OkHttpClient http = new OkHttpClient();
    private final Thread driver = Thread.ofVirtual().unstarted(this::stayConnected);
    private final AtomicLong requests = new AtomicLong();
    private final PendingReplies answers = new PendingReplies(this::leave);
    private volatile @Nullable Connection current;
    private volatile boolean closed;

    /** One that speaks in {@code conversations}. */
    public SocketIoClient(
            Addresses addresses, Account account, List<String> conversations, List<String> transports, Seen seen) {
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
        JSONObject message = new JSONObject(
                Map.of("conversation", stream.substring(CONVERSATION.length()), "id", id, "text", "message " + id));
        Ack ack = values -> answers.answered(request, outcome(json(values[0])));
        return answers.await(request, () -> connection.socket.emit("message:send", message, ack));
    }

    private static Outcome outcome(JsonNode answer) {
        return answer.path("ok").asBoolean(false)
                ? new Outcome.Acknowledged(answer.path("seq").asLong())
                : Outcome.of(answer.path("error"));
    }

    private static JsonNode json(Object value) {
        return Api.JSON.readTree(value.toString());
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
    public Seen seen() {
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
        final Socket socket;
        final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch connected = new CountDownLatch(1);

        Connection(int number, URI address) {
            IO.Options options = IO.Options.builder()
                    .setTransports(transports)
                    .setAuth(Map.of("token", account.token()))
                    .setForceNew(true)
                    .setReconnection(false)
                    .setTimeout(PATIENCE.toMillis())
                    .build();
            options.callFactory = http;
            options.webSocketFactory = http;
            socket = IO.socket(address, options);
            socket.on("event", values -> seen.event(number, json(values[0])));
            socket.on("gap", values -> seen.gap(number, json(values[0])));
            socket.on("position", values -> seen.position(number, String.valueOf(values[0])));
            socket.on(Socket.EVENT_CONNECT, _ -> {
                String token = seen.follow(number);
                JSONObject follow = new JSONObject(Map.of("token", token == null ? JSONObject.NULL : (Object) token));
                Ack answered = values -> followed(number, json(values[0]));
                socket.emit("follow", follow, answered);
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

        /** A feed that could not be begun may be begun at the next instance. */
        private void followed(int number, JsonNode answer) {
            if (answer.has("error")) {
                seen.notFollowed(number, answer.path("error").path("code").asString());
                end();
            }
        }

        void run() throws InterruptedException {
            try {
                socket.connect();
                boolean goesOn = connected.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                while (goesOn && !ended.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    goesOn = socket.connected(); // the library does not always tell
                }
            } finally {
                socket.close();
                http.dispatcher().cancelAll(); // a poll that hangs would do so for a minute
            }
        }
    }
}
