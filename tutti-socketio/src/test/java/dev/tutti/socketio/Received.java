package dev.tutti.socketio;

import io.socket.client.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a client received of one event, in order. */
final class Received {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String event;
    private final BlockingQueue<Object[]> messages = new LinkedBlockingQueue<>();

    Received(Socket client, String event) {
        this.event = event;
        client.on(event, messages::add);
    }

    /** The arguments of the next one. */
    Object[] next() {
        try {
            Object @Nullable [] message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no '" + event + "' came within " + PATIENCE);
            }
            return message;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for '" + event + "'", interrupted);
        }
    }

    int size() {
        return messages.size();
    }
}
