package dev.tutti.testkit.client;

import io.socket.client.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The received events of one name at a socket of the official client, in order, without a bound, until they are taken. Safe for use by many
 * threads.
 */
public final class ReceivedEvents {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String event;
    private final Duration patience;
    private final BlockingQueue<Object[]> messages = new LinkedBlockingQueue<>();

    /** Collects each {@code event} of {@code client} from now on; {@link #next} waits for at most 20 seconds. */
    public ReceivedEvents(Socket client, String event) {
        this(client, event, PATIENCE);
    }

    /** The same; {@link #next} waits for at most {@code patience}. */
    ReceivedEvents(Socket client, String event, Duration patience) {
        this.event = event;
        this.patience = patience;
        client.on(event, messages::add);
    }

    /**
     * Takes the next event, and returns its arguments. Blocks until it arrives.
     *
     * @throws AssertionError if no event arrives in time, or the thread is interrupted
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

    /** Takes the next event as {@link #next} does. Its first argument as JSON, which is a missing node if there is none. */
    public JsonNode nextValue() {
        return OfficialSocket.first(next());
    }

    /** The number of received events that were not taken. */
    public int size() {
        return messages.size();
    }
}
