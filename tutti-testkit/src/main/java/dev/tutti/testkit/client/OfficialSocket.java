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
 * One socket of the official Socket.IO client for Java, with its own connection. Safe for use by many threads. Handlers run on the only
 * thread that the library has for all sockets of the process, so they must not block.
 */
public final class OfficialSocket implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Shared, so that the trusted certificates are read once. A poll may take as long as with the library's own client. */
    private static final OkHttpClient TEMPLATE =
            new OkHttpClient.Builder().readTimeout(Duration.ofMinutes(1)).build();

    // the library's shared client sends at most five requests at a time to a host, for all sockets of a process
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

    /** A builder of a socket for {@code address}, whose path is the namespace. */
    public static Builder at(URI address) {
        return new Builder(address);
    }

    /** Begins to connect. Does not block. */
    public void open() {
        socket.connect();
    }

    /**
     * Connects, and blocks until the socket is connected.
     *
     * @throws IOException if the first attempt is refused or fails, or connecting takes longer than the patience
     */
    public void connect() throws IOException, InterruptedException {
        open();
        await(connected, "a connection");
    }

    /**
     * Connects, and blocks until the server refuses the socket. The result is an object with the {@code message} and {@code data} of the
     * refusal, or a text if the transport failed.
     *
     * @throws IOException if the socket is connected instead, or is not refused within the patience
     */
    public JsonNode refusal() throws IOException, InterruptedException {
        open();
        return await(refused, "a refusal");
    }

    /** Whether the socket is connected now. */
    public boolean connected() {
        return socket.connected();
    }

    /** A future that completes when the connection ends for the first time, with the library's reason. */
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    /** Emits {@code event}; maps are sent as JSON objects. The library keeps the event until the socket is connected. Does not block. */
    public void emit(String event, Object... values) {
        socket.emit(event, wire(values));
    }

    /**
     * As {@link #emit}; the future completes with the first value of the acknowledgement, as JSON. It fails with an {@link IOException} if
     * the connection ends first; then the server may have handled the event.
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
     * As {@link #emitWithAck}, but blocks until the acknowledgement arrives.
     *
     * @throws IOException if the connection ends first, or there is no acknowledgement within the patience
     */
    public JsonNode ask(String event, Object... values) throws IOException, InterruptedException {
        return await(emitWithAck(event, values), "an answer to '" + event + "'");
    }

    /** Calls {@code handler} for each {@code event}, with its first value as JSON; with a missing node if it has no value. */
    public void on(String event, Consumer<JsonNode> handler) {
        socket.on(event, values -> handler.accept(first(values)));
    }

    /** Collects each {@code event} from now on. The result waits for an event for at most the patience. */
    public ReceivedEvents received(String event) {
        return new ReceivedEvents(socket, event, patience);
    }

    /** The socket of the library, for everything that this class does not offer. */
    public Socket library() {
        return socket;
    }

    /** Disconnects the socket. Does not wait until it is disconnected. Idempotent. */
    @Override
    public void close() {
        socket.disconnect();
    }

    /** As {@link #close}, and cancels the requests under way: a poll without an answer would stay open for a minute. */
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

    static JsonNode first(Object... values) {
        return values.length == 0 ? MissingNode.getInstance() : json(values[0]);
    }

    private static JsonNode json(Object value) {
        return switch (value) {
            case JSONObject object -> Api.JSON.readTree(object.toString());
            case JSONArray array -> Api.JSON.readTree(array.toString());
            case Number number -> Api.JSON.valueToTree(number);
            case Boolean truth -> Api.JSON.valueToTree(truth);
            case null, default -> Api.JSON.valueToTree(String.valueOf(value));
        };
    }

    /**
     * A builder of a socket. By default it has no credentials, begins with polling and upgrades to WebSocket, does not reconnect, and has a
     * patience of 20 seconds. Not safe for use by many threads.
     */
    public static final class Builder {
        private final URI address;
        private final SocketOptionBuilder options = IO.Options.builder();
        private Duration patience = PATIENCE;
        private boolean returns;

        private Builder(URI address) {
            this.address = address;
        }

        /** Sets the {@code auth} payload. The map is not copied: the caller may change it between two attempts to connect. */
        public Builder auth(Map<String, String> auth) {
            options.setAuth(auth);
            return this;
        }

        /** Sets the access token of {@code account} as the credentials. */
        public Builder account(Account account) {
            return auth(Map.of("token", account.token()));
        }

        /** Sets the only transports, in this order: {@code polling}, {@code websocket}. */
        public Builder transports(String... transports) {
            options.setTransports(transports);
            return this;
        }

        /** Sets the longest time of each blocking method, and of each attempt of the library to connect. */
        public Builder patience(Duration patience) {
            this.patience = patience;
            return this;
        }

        /** Lets the socket reconnect whenever its connection has ended, with the library's default pauses. */
        public Builder returning() {
            returns = true;
            return this;
        }

        /** The same with pauses that grow from {@code first} to {@code longest}. */
        public Builder returning(Duration first, Duration longest) {
            options.setReconnectionDelay(first.toMillis()).setReconnectionDelayMax(longest.toMillis());
            return returning();
        }

        /** The socket, not connected yet. */
        public OfficialSocket build() {
            return new OfficialSocket(this);
        }

        /** The socket, connected by {@link OfficialSocket#connect}. */
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
