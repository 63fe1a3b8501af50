package dev.tutti.bus;

import dev.tutti.TuttiException;

/**
 * Carries messages between the instances of a cluster: hints, and what is worth nothing later. A message reaches each
 * other instance that has subscribed to its topic at most once, and those of one publisher on one topic in the order in
 * which they were published; never the publisher itself. When messages may have been lost the listener is told.
 *
 * <p>Safe for use by many threads; only {@link #start} and {@link #close} block. Without a connection it goes on trying,
 * and drops what is published.
 */
public interface Bus extends AutoCloseable {
    /** The longest topic, in characters; topics consist of any characters but NUL. */
    int MAX_TOPIC = 512;

    /** The largest payload, in bytes. */
    int MAX_PAYLOAD = 16 * 1024 * 1024;

    /**
     * Begins to receive, after a message to itself has come back. Blocks for some seconds at most; called once, first.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#UNAVAILABLE} if none came back; the message names the
     *     setting to look at
     */
    void start(BusListener listener);

    /** Receives {@code topic}, from some milliseconds later on, or from when there is a connection. */
    void subscribe(String topic);

    /** Ends {@link #subscribe}; without effect for other topics. */
    void unsubscribe(String topic);

    /**
     * Sends to the other instances that have subscribed to {@code topic}; dropped and counted when too much waits already
     * or there is no connection.
     *
     * @throws IllegalArgumentException if topic or payload are too large
     */
    void publish(String topic, byte[] payload);

    /** The counts of all that it has done so far. Cheap. */
    default BusCounts counts() {
        return BusCounts.NONE;
    }

    /** Sends what waits, for a second at most, and ends. Idempotent. */
    @Override
    void close();
}
