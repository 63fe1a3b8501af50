package dev.tutti.feed;

/** Somebody's interest in one feed. Safe for use by many threads. */
public interface FeedSubscription extends AutoCloseable {
    /** The version that was held when it began; 0 if nothing was. */
    long version();

    /** Ends it; nothing is told once a call that is going on has ended. Idempotent; does not block. */
    @Override
    void close();
}
