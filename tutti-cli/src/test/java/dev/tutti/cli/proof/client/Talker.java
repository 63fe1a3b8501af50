package dev.tutti.cli.proof.client;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ResumeToken;
import io.socket.client.Manager;
import io.socket.engineio.client.Transport;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Somebody who talks by the official Socket.IO client for Java. */
public final class Talker implements AutoCloseable {
    private final OfficialSocket socket;
    private final ResumeToken token = new ResumeToken();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<String> transports = new CopyOnWriteArrayList<>();
    private final List<JsonNode> presence = new CopyOnWriteArrayList<>();

    Talker(URI address, String accessToken, String... transports) {
        socket = OfficialSocket.at(address)
                .auth(Map.of("token", accessToken))
                .transports(transports)
                .build();
        socket.on("presence", change -> presence.add(change));
        socket.on("event", event -> event(event));
        socket.on("position", position -> position(position.asString()));
        socket.library().io().on(Manager.EVENT_TRANSPORT, values -> this.transports.add(((Transport) values[0]).name));
    }

    /** One who is connected; fails at once if that is refused. */
    public static Talker connect(URI address, Account account, String... transports) throws Exception {
        Talker talker = new Talker(address, account.token(), transports);
        talker.socket.connect();
        return talker;
    }

    /** Connects, and says why that was refused. */
    JsonNode connectAndBeRefused() throws Exception {
        return socket.refusal();
    }

    /** Follows everything from {@code token}, or from now on. */
    public JsonNode follow(@Nullable String from) throws Exception {
        return ask("follow", Map.of("token", from == null ? JSONObject.NULL : from));
    }

    /** Sends a message to a conversation. */
    public JsonNode say(String conversation, String id, String text) throws Exception {
        return ask("message:send", Map.of("conversation", conversation, "id", id, "text", text));
    }

    /** Watches whether {@code people} are online; what the server answers. */
    public JsonNode watch(Account... people) throws Exception {
        List<String> ids = Stream.of(people).map(Account::id).toList();
        return ask("presence:watch", Map.of("users", ids));
    }

    /** The changes that came of those who are watched, in order. */
    public List<JsonNode> presence() {
        return presence;
    }

    /** Waits until the connection has ended; why it has. */
    public String awaitEnd() throws InterruptedException, ExecutionException {
        return socket.ended().get();
    }

    /** Emits an event, and waits for its acknowledgement. */
    JsonNode ask(String event, Object... values) throws Exception {
        return socket.ask(event, values);
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
        socket.close();
    }

    @Override
    public void close() {
        socket.close();
    }
}
