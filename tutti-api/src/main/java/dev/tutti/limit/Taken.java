package dev.tutti.limit;

import java.time.Duration;

/**
 * The tokens taken from a bucket, and its state then.
 *
 * @param granted tokens, fewer than wanted if there were not so many
 * @param remaining tokens that are left
 * @param untilNext until there is one; zero if there is
 * @param untilFull until nothing is missing
 */
public record Taken(long granted, long remaining, Duration untilNext, Duration untilFull) {
    /** Whether there was at least one. */
    public boolean isAllowed() {
        return granted > 0;
    }
}
