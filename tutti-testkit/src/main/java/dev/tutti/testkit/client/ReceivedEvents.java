package dev.tutti.testkit.client;

import io.socket.client.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The events of one name that a socket of the official client received, in order, until they are taken. Safe for use by many threads. */
public final class ReceivedEvents {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String event;
    private final Duration patience;
    private final BlockingQueue<Object[]> messages = new LinkedBlockingQueue<>();

    /** Those that {@code client} receives from now on, each waited for during 20 seconds. */
    public ReceivedEvents(Socket client, String event) {
        this(client, event, PATIENCE);
    }

    /** The same, each waited for during {@code patience}. */
    ReceivedEvents(Socket client, String event, Duration patience) {
        this.event = event;
        this.patience = patience;
        client.on(event, messages::add);
    }

    /**
     * The arguments of the next one, for which it waits.
     *
     * @throws AssertionError if none comes in time, or the thread is interrupted
     */
    public Object[] next() {
        try {
            Object @Nullable [] message = messages.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new AssertionError("no '" + event + "' came within " + patience);
            }
            return message;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for '" + event + "'", interrupted);
        }
    }

    /** How many have come and were not taken. */
    public int size() {
        return messages.size();
    }
}
