package dev.tutti.limit;

import java.time.Duration;

/**
 * The result of taking tokens from a bucket.
 *
 * @param granted the tokens that were taken; fewer than wanted if the bucket had fewer
 * @param remaining the tokens that are left
 * @param untilNext the time until the bucket has a token; zero if it has one
 * @param untilFull the time until the bucket is full
 */
public record Taken(long granted, long remaining, Duration untilNext, Duration untilFull) {
    /** Whether at least one token was granted. */
    public boolean isAllowed() {
        return granted > 0;
    }
}
