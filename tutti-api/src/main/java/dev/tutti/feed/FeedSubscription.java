package dev.tutti.feed;

/** A subscription to one feed. Safe for use by many threads. */
public interface FeedSubscription extends AutoCloseable {
    /** The version that was stored when the subscription began; 0 if there was none. */
    long version();

    /** Ends the subscription. A call of the listener that is under way still ends; no other follows. Idempotent; does not block. */
    @Override
    void close();
}
