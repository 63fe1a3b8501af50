package dev.tutti.testkit.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** One connection to {@code /ws}. Received messages are kept, without a bound, until they are taken. Safe for use by many threads. */
public final class JsonSocket implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BlockingQueue<JsonNode> heard;
    private final TextSocket socket;

    private JsonSocket(TextSocket socket, BlockingQueue<JsonNode> heard) {
        this.socket = socket;
        this.heard = heard;
    }

    /**
     * Connects as {@code account}, with the connections of {@code api}: the socket ends when that is closed. Blocks for at most five
     * seconds.
     *
     * @throws IOException if the connection fails or is refused
     */
    public static JsonSocket open(Api api, URI address, Account account) throws IOException, InterruptedException {
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        TextSocket socket = api.webSocket(
                address.resolve("/ws"), account, PATIENCE, (_, text) -> heard.add(Api.JSON.readTree(text)));
        return new JsonSocket(socket, heard);
    }

    /** Sends a message after the earlier ones. Does not wait until it is sent. */
    public void say(Map<String, Object> message) {
        socket.say(Api.JSON.writeValueAsString(message));
    }

    /** Takes the next received message; empty if none arrives within {@code time}. Blocks. */
    public Optional<JsonNode> hear(Duration time) throws InterruptedException {
        return Optional.ofNullable(heard.poll(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Waits until the connection has ended, for at most {@code time}; returns whether it has. */
    public boolean hasEndedWithin(Duration time) throws InterruptedException {
        return socket.hasEndedWithin(time);
    }

    /** Aborts the connection, without a close frame. Idempotent. */
    @Override
    public void close() {
        socket.close();
    }
}
