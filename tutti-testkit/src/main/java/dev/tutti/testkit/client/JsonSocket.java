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

/** One connection to {@code /ws}: says what it is told to, and keeps what it hears until that is taken. Safe for many threads. */
public final class JsonSocket implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BlockingQueue<JsonNode> heard;
    private final TextSocket socket;

    private JsonSocket(TextSocket socket, BlockingQueue<JsonNode> heard) {
        this.socket = socket;
        this.heard = heard;
    }

    /**
     * Connects by {@code api}, with which it ends; blocks for some seconds at most.
     *
     * @throws IOException if that is not possible
     */
    public static JsonSocket open(Api api, URI address, Account account) throws IOException, InterruptedException {
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        TextSocket socket = api.webSocket(
                address.resolve("/ws"), account, PATIENCE, (_, text) -> heard.add(Api.JSON.readTree(text)));
        return new JsonSocket(socket, heard);
    }

    /** Sends one message behind those before. */
    public void say(Map<String, Object> message) {
        socket.say(Api.JSON.writeValueAsString(message));
    }

    /** The next message that it was sent; nothing if none comes within {@code time}. */
    public Optional<JsonNode> hear(Duration time) throws InterruptedException {
        return Optional.ofNullable(heard.poll(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Whether it has ended, after waiting for that for at most {@code time}. */
    public boolean hasEndedWithin(Duration time) throws InterruptedException {
        return socket.hasEndedWithin(time);
    }

    /** Ends it without a goodbye. Idempotent. */
    @Override
    public void close() {
        socket.close();
    }
}
