package dev.tutti.bus;

import dev.tutti.TuttiException;

/**
 * Carries messages between the instances of a cluster: hints, and messages that are worthless later. A message reaches each other
 * instance that has subscribed to its topic at most once. Messages of one publisher on one topic arrive in the order in which they were
 * published. A message never reaches its own publisher. When messages may have been lost, the listener is told.
 *
 * <p>Safe for use by many threads; only {@link #start} and {@link #close} block. Without a connection the bus keeps trying to connect,
 * and drops published messages.
 */
public interface Bus extends AutoCloseable {
    /** The longest topic, in characters; any character except NUL is allowed. */
    int MAX_TOPIC = 512;

    /** The largest payload, in bytes. */
    int MAX_PAYLOAD = 16 * 1024 * 1024;

    /**
     * Begins to receive, after a test message to itself has come back. Blocks for some seconds at most. Called once, before all other
     * methods.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#UNAVAILABLE} if the test message did not come back; the error names the
     *     setting to check
     */
    void start(BusListener listener);

    /** Subscribes to {@code topic}. Takes effect within some milliseconds, or as soon as there is a connection. */
    void subscribe(String topic);

    /** Ends the subscription to {@code topic}; without effect if there is none. */
    void unsubscribe(String topic);

    /**
     * Sends to the other instances that have subscribed to {@code topic}. The message is dropped and counted if too much waits already, or
     * if there is no connection.
     *
     * @throws IllegalArgumentException if the topic or the payload is too large
     */
    void publish(String topic, byte[] payload);

    /** The counts since the bus was created. Cheap. */
    default BusCounts counts() {
        return BusCounts.NONE;
    }

    /** Sends waiting messages, for at most a second, and ends. Idempotent. */
    @Override
    void close();
}
