package dev.tutti.testkit.client;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import io.socket.client.SocketOptionBuilder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.json.JSONArray;
import org.json.JSONObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * One socket of the official Socket.IO client for Java, on a connection of its own. Safe for use by many threads; handlers are called on
 * the one thread that the library has for all sockets of a process, and must not wait there.
 */
public final class OfficialSocket implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The certificates that are trusted are read for it alone. A poll may take as long as by the library's own. */
    private static final OkHttpClient TEMPLATE =
            new OkHttpClient.Builder().readTimeout(Duration.ofMinutes(1)).build();

    // the library's shared one makes no more than five requests at a time to a host, for all sockets of a process
    private final OkHttpClient http = TEMPLATE.newBuilder()
            .dispatcher(new Dispatcher())
            .connectionPool(new ConnectionPool())
            .build();
    private final Duration patience;
    private final boolean returns;
    private final Socket socket;
    private final CompletableFuture<Boolean> connected = new CompletableFuture<>();
    private final CompletableFuture<JsonNode> refused = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final Map<Object, CompletableFuture<JsonNode>> unanswered = new ConcurrentHashMap<>();

    private OfficialSocket(Builder builder) {
        patience = builder.patience;
        returns = builder.returns;
        IO.Options options = builder.options
                .setForceNew(true)
                .setReconnection(returns)
                .setTimeout(patience.toMillis())
                .build();
        options.callFactory = http;
        options.webSocketFactory = http;
        socket = IO.socket(builder.address, options);
        on(Socket.EVENT_CONNECT, _ -> {
            connected.complete(true);
            refused.completeExceptionally(new IOException("it was not refused, but connected"));
        });
        on(Socket.EVENT_CONNECT_ERROR, why -> {
            refused.complete(why);
            connected.completeExceptionally(new IOException("cannot connect: " + why));
        });
        on(Socket.EVENT_DISCONNECT, why -> {
            ended.complete(why.asString());
            unanswered.values().forEach(answer -> fail(answer, why.asString()));
        });
    }

    /** One for {@code address}, whose path is the namespace. */
    public static Builder at(URI address) {
        return new Builder(address);
    }

    /** Begins to connect. */
    public void open() {
        socket.connect();
    }

    /**
     * Connects, and waits for that.
     *
     * @throws IOException if it is refused, cannot be done at the first try, or takes longer than the socket's patience
     */
    public void connect() throws IOException, InterruptedException {
        open();
        await(connected, "a connection");
    }

    /**
     * Tries to connect, and waits for the reason why that is refused: an object with its {@code message} and {@code data}, or as a text the
     * failure of the transport.
     *
     * @throws IOException if it is not refused, or not within the socket's patience
     */
    public JsonNode refusal() throws IOException, InterruptedException {
        open();
        return await(refused, "a refusal");
    }

    /** Whether it is connected now. */
    public boolean connected() {
        return socket.connected();
    }

    /** Completes with the library's reason when its connection ends for the first time. */
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    /** Emits {@code event}; maps among the values go as JSON objects. Before the connection is there the library keeps it for that. */
    public void emit(String event, Object... values) {
        socket.emit(event, wire(values));
    }

    /**
     * The same, with the first value of the acknowledgement as JSON. Fails with an {@link IOException} if the connection ends before; the
     * server may have done then what was asked of it.
     */
    public CompletableFuture<JsonNode> emitWithAck(String event, Object... values) {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        Object question = new Object();
        unanswered.put(question, answer);
        var _ = answer.whenComplete((_, _) -> unanswered.remove(question));
        if (ended.isDone() && !returns) {
            fail(answer, ended.join());
        }
        socket.emit(event, wire(values), (Ack) acknowledged -> answer.complete(first(acknowledged)));
        return answer;
    }

    /**
     * The same, waiting for the acknowledgement.
     *
     * @throws IOException if the connection ends before, or it does not come within the socket's patience
     */
    public JsonNode ask(String event, Object... values) throws IOException, InterruptedException {
        return await(emitWithAck(event, values), "an answer to '" + event + "'");
    }

    /** Calls {@code handler} with the first value of each {@code event}, as JSON; with a missing node if there is none. */
    public void on(String event, Consumer<JsonNode> handler) {
        socket.on(event, values -> handler.accept(first(values)));
    }

    /** Keeps each {@code event} from now on, to be waited for during the socket's patience. */
    public ReceivedEvents received(String event) {
        return new ReceivedEvents(socket, event, patience);
    }

    /** The library's own, for what it alone can do. */
    public Socket library() {
        return socket;
    }

    /** Leaves, and does not wait for that. Idempotent. */
    @Override
    public void close() {
        socket.disconnect();
    }

    /** The same, without its requests under way: a poll that hangs would do so for a minute. */
    public void abort() {
        close();
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private <T> T await(CompletableFuture<T> future, String what) throws IOException, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException(what + " did not come within " + patience, late);
        } catch (ExecutionException failure) {
            throw new IOException(what + " did not come: " + failure.getMessage(), failure);
        }
    }

    private static void fail(CompletableFuture<JsonNode> answer, String why) {
        answer.completeExceptionally(new IOException("the connection has ended: " + why));
    }

    private static Object[] wire(Object... values) {
        return Stream.of(values)
                .map(value -> value instanceof Map<?, ?> map ? new JSONObject(map) : value)
                .toArray();
    }

    private static JsonNode first(Object... values) {
        return values.length == 0 ? MissingNode.getInstance() : json(values[0]);
    }

    private static JsonNode json(Object value) {
        return value instanceof JSONObject || value instanceof JSONArray
                ? Api.JSON.readTree(value.toString())
                : Api.JSON.valueToTree(String.valueOf(value));
    }

    /** The options of one: by polling that is upgraded, for nobody in particular, and not connecting again, if nothing else is said. */
    public static final class Builder {
        private final URI address;
        private final SocketOptionBuilder options = IO.Options.builder();
        private Duration patience = PATIENCE;
        private boolean returns;

        private Builder(URI address) {
            this.address = address;
        }

        /** Shows {@code auth} when it connects. The map is not copied, so that it may change between two tries. */
        public Builder auth(Map<String, String> auth) {
            options.setAuth(auth);
            return this;
        }

        /** Shows the access token of {@code account}. */
        public Builder account(Account account) {
            return auth(Map.of("token", account.token()));
        }

        /** Uses these alone, the first one first: {@code polling}, {@code websocket}. */
        public Builder transports(String... transports) {
            options.setTransports(transports);
            return this;
        }

        /** How long everything that it waits for may take, and the library's tries to connect; 20 seconds if this is not said. */
        public Builder patience(Duration patience) {
            this.patience = patience;
            return this;
        }

        /** Connects again whenever its connection has ended, with the library's own pauses. */
        public Builder returning() {
            returns = true;
            return this;
        }

        /** The same, with pauses that grow from {@code first} to {@code longest}. */
        public Builder returning(Duration first, Duration longest) {
            options.setReconnectionDelay(first.toMillis()).setReconnectionDelayMax(longest.toMillis());
            return returning();
        }

        /** One that is not connected yet. */
        public OfficialSocket build() {
            return new OfficialSocket(this);
        }

        /** One that is connected; see {@link OfficialSocket#connect}. */
        public OfficialSocket connect() throws IOException, InterruptedException {
            OfficialSocket built = build();
            try {
                built.connect();
                return built;
            } catch (IOException | InterruptedException failure) {
                built.abort();
                throw failure;
            }
        }
    }
}
