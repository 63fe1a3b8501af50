package dev.tutti.core.stream;

/** One subscriber's interest in one stream, or in all streams that it follows. Safe for use by many threads. */
public interface Subscription extends AutoCloseable {
    /** Goes on, after {@link Subscriber#ready} was false and is true again. Without effect otherwise. */
    void resume();

    /** Ends it; the subscriber is called no more once its executor has run what it was given before. Idempotent. */
    @Override
    void close();
}
