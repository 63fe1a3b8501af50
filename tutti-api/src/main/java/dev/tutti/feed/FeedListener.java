package dev.tutti.feed;

/** Application code that receives the versions of a feed. */
@FunctionalInterface
public interface FeedListener {
    /**
     * Receives a version of the feed, on a virtual thread, one call at a time; may block. Of the versions that are published during a call,
     * the next call gets only the latest. Versions grow, unless the database has lost the last ones.
     */
    void changed(FeedState state);
}
