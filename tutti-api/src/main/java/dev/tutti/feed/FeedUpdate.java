package dev.tutti.feed;

/** The outcome of publishing a version. */
public sealed interface FeedUpdate {
    /** It is the latest one, or was when it was published. */
    record Accepted() implements FeedUpdate {}

    /**
     * It is not newer than the one that is held; nothing was done.
     *
     * @param held the version that is held; that which was published, if that was published before
     */
    record Stale(long held) implements FeedUpdate {}
}
