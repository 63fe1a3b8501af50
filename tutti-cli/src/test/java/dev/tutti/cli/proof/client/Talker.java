package dev.tutti.cli.proof.client;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.ResumeToken;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import io.socket.engineio.client.Transport;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Somebody who talks by the official Socket.IO client for Java. */
public final class Talker implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final Socket socket;
    private final ResumeToken token = new ResumeToken();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<String> transports = new CopyOnWriteArrayList<>();
    private final CompletableFuture<JsonNode> refused = new CompletableFuture<>();
    private final CompletableFuture<String> connected = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final List<JsonNode> presence = new CopyOnWriteArrayList<>();

    Talker(URI address, String accessToken, String... transports) {
        IO.Options options = IO.Options.builder()
                .setTransports(transports)
                .setAuth(Map.of("token", accessToken))
                .setForceNew(true)
                .setReconnection(false)
                .build();
        // of its own: the library's shared one has only five requests at a time for a host, and so for all tests
        OkHttpClient http = new OkHttpClient();
        options.callFactory = http;
        options.webSocketFactory = http;
        socket = IO.socket(address, options);
        socket.on(Socket.EVENT_CONNECT, _ -> connected.complete(socket.id()));
        socket.on(Socket.EVENT_CONNECT_ERROR, values -> refused(json(values[0])));
        socket.on(Socket.EVENT_DISCONNECT, values -> ended.complete(String.valueOf(values[0])));
        socket.on("presence", values -> presence.add(json(values[0])));
        socket.on("event", values -> event(json(values[0])));
        socket.on("position", values -> position(String.valueOf(values[0])));
        socket.io().on(Manager.EVENT_TRANSPORT, values -> this.transports.add(((Transport) values[0]).name));
    }

    /** One who is connected; fails at once if that is refused. */
    public static Talker connect(URI address, Account account, String... transports) throws Exception {
        Talker talker = new Talker(address, account.token(), transports);
        talker.socket.connect();
        talker.connected.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return talker;
    }

    /** Connects, and says why that was refused. */
    JsonNode connectAndBeRefused() throws Exception {
        socket.connect();
        return refused.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Follows everything from {@code token}, or from now on. */
    public JsonNode follow(@Nullable String from) throws Exception {
        return ask("follow", new JSONObject(Map.of("token", from == null ? JSONObject.NULL : from)));
    }

    /** Sends a message to a conversation. */
    public JsonNode say(String conversation, String id, String text) throws Exception {
        return ask("message:send", new JSONObject(Map.of("conversation", conversation, "id", id, "text", text)));
    }

    /** Watches whether {@code people} are online; what the server answers. */
    public JsonNode watch(Account... people) throws Exception {
        List<String> ids = Stream.of(people).map(Account::id).toList();
        return ask("presence:watch", new JSONObject(Map.of("users", ids)));
    }

    /** The changes that came of those who are watched, in order. */
    public List<JsonNode> presence() {
        return presence;
    }

    /** Waits until the connection has ended; why it has. */
    public String awaitEnd() throws InterruptedException, ExecutionException {
        return ended.get();
    }

    /** Emits an event, and waits for its acknowledgement. */
    JsonNode ask(String event, Object... values) throws Exception {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        var _ = ended.thenAccept(
                why -> answer.completeExceptionally(new IOException("the connection has ended: " + why)));
        socket.emit(event, values, (Ack) acknowledged -> answer.complete(json(acknowledged[0])));
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void refused(JsonNode why) {
        refused.complete(why);
        connected.completeExceptionally(new IOException("cannot connect: " + why));
    }

    private synchronized void event(JsonNode event) {
        token.event(event.path("stream").asString(), event.path("seq").asLong());
        events.add(event);
    }

    private synchronized void position(String position) {
        token.position(position);
    }

    /** Where the next connection has to go on; null before the first position. */
    synchronized @Nullable String token() {
        return token.known() ? token.value() : null;
    }

    /** The texts of all messages that came, in order. */
    public List<String> heard() {
        return events.stream()
                .filter(event -> event.path("type").asString().equals("message"))
                .map(event -> event.path("data").path("text").asString())
                .toList();
    }

    /** The transports that were tried, in order. */
    List<String> transports() {
        return transports;
    }

    /** Goes away. */
    void disconnect() {
        socket.disconnect();
    }

    @Override
    public void close() {
        socket.disconnect();
    }

    private static JsonNode json(Object value) {
        return value instanceof JSONObject object
                ? Api.JSON.readTree(object.toString())
                : Api.JSON.valueToTree(value.toString());
    }
}
