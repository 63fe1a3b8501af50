package dev.tutti.core.stream;

/** The subscription of one subscriber to one stream, or to all streams that it follows. Safe for use by many threads; does not block. */
public interface Subscription extends AutoCloseable {
    /** Continues after {@link Subscriber#ready} was false and is true again. Otherwise it has no effect. */
    void resume();

    /** Ends the subscription. The subscriber may still get calls that are in the queue of its executor, and no others. Idempotent. */
    @Override
    void close();
}
