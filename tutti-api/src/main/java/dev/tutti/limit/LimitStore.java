package dev.tutti.limit;

/**
 * The buckets from which all instances take tokens, by the store's clock. A bucket that was never used is full, and so is one that the
 * store has forgotten. The store may forget a full bucket at any time, and all buckets when it crashes. Safe for use by many threads;
 * blocks.
 */
public interface LimitStore {
    /** The longest name of a bucket, in characters. */
    int MAX_NAME = 200;

    /**
     * Takes as many of {@code wanted} tokens as the bucket has, in one step: no two callers get the same token.
     *
     * @param bucket its name, 1 to {@link #MAX_NAME} characters; one name is always used with the same limit
     * @param wanted 1 to 1,000,000, or -1 to give one back
     * @throws dev.tutti.TuttiException if the store cannot be used; then it is unknown how many tokens were taken
     */
    Taken take(String bucket, RateLimit limit, long wanted);
}
