package dev.tutti.feed;

/** Application code that wants to know how a feed is. */
@FunctionalInterface
public interface FeedListener {
    /**
     * The feed is like this now. On a virtual thread, one call at a time, with growing versions; what is published during a call
     * is told by the next one, only the latest of it. May block.
     */
    void changed(FeedState state);
}
