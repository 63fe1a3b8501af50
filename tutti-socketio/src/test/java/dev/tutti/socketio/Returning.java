package dev.tutti.socketio;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A client that does for connection state recovery what the official clients do, and shows what it was sent. */
final class Returning implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<RawSocket> connections = new ArrayList<>(); // an old one that nobody has closed stays open
    private final Deque<String> missed = new ArrayDeque<>();
    private @Nullable String pid;
    private @Nullable String offset;
    private String sid = "";

    /** Connects, showing what it knows from before. */
    Returning connect(RunningServer server) throws IOException {
        RawSocket fresh = new RawSocket(server);
        connections.add(fresh);
        fresh.upgrade("EIO=4&transport=websocket");
        fresh.frame();
        fresh.text(pid == null ? "40" : "40" + JSON.writeValueAsString(known()));
        missed.clear();
        String answer = fresh.frame();
        while (!answer.startsWith("40")) { // what comes before the answer is held back
            missed.add(answer);
            answer = fresh.frame();
        }
        Map<?, ?> told = JSON.readValue(answer.substring("40".length()), Map.class);
        sid = String.valueOf(told.get("sid"));
        pid = String.valueOf(told.get("pid"));
        return this;
    }

    private Map<String, String> known() {
        return offset == null ? Map.of("pid", secret()) : Map.of("pid", secret(), "offset", offset);
    }

    /** The arguments of the next message, its name first, without the offset. */
    List<Object> next() throws IOException {
        List<Object> message = List.of(JSON.readValue(frame().substring("42".length()), Object[].class));
        if (message.getLast() instanceof String text) {
            offset = text;
            return text.startsWith("offset:") ? message.subList(0, message.size() - 1) : message;
        }
        return message;
    }

    /** The next frame as it is. */
    String frame() throws IOException {
        @Nullable String held = missed.poll();
        return held == null ? raw().frame() : held;
    }

    /** Sends a packet. */
    void send(String packet) throws IOException {
        raw().text(packet);
    }

    String sid() {
        return sid;
    }

    String secret() {
        return String.valueOf(pid);
    }

    String offset() {
        return String.valueOf(offset);
    }

    /** Claims to have got so far. */
    void claim(@Nullable String seen) {
        offset = seen;
    }

    /** Has {@code secret} from elsewhere. */
    void know(String secret) {
        pid = secret;
    }

    RawSocket raw() {
        return connections.getLast();
    }

    /** Breaks the connection, and former ones that are still open. */
    @Override
    public void close() throws IOException {
        for (RawSocket connection : connections) {
            connection.close();
        }
    }
}
