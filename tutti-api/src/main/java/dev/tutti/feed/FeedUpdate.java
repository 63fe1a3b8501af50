package dev.tutti.feed;

/** The outcome of publishing a version. */
public sealed interface FeedUpdate {
    /** The version was stored: it was the latest one at that moment. */
    record Accepted() implements FeedUpdate {}

    /**
     * The version is not newer than the stored one; nothing was changed.
     *
     * @param held the stored version. If it equals the published one, this version was published before
     */
    record Stale(long held) implements FeedUpdate {}
}
