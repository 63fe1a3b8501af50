package dev.tutti.limit;

/**
 * Buckets that all instances take from, by the store's clock. A bucket that was never used is full, and so is one that the store
 * has forgotten: it may forget a full one at any time, and all when it breaks down. Safe for use by many threads; blocks.
 */
public interface LimitStore {
    /** The longest name of a bucket, in characters. */
    int MAX_NAME = 200;

    /**
     * Takes as many of {@code wanted} tokens as there are, in one step: no two takers get the same.
     *
     * @param bucket its name, 1 to {@link #MAX_NAME} characters; one name is always used with the same limit
     * @param wanted 1 to 1,000,000, or -1 to give one back
     * @throws dev.tutti.TuttiException if the store cannot be used; then it is not known what was taken
     */
    Taken take(String bucket, RateLimit limit, long wanted);
}
