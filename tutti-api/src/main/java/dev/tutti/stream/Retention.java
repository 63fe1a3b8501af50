package dev.tutti.stream;

import java.time.Duration;

/**
 * How long events of one kind of stream are kept; what goes first ends it.
 *
 * @param maxAge at least one minute
 * @param maxCount events per stream, at least 1; {@link Long#MAX_VALUE} for no such bound
 */
public record Retention(Duration maxAge, long maxCount) {
    public Retention {
        if (maxAge.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("retention age " + maxAge + " is too short; allowed are PT1M and more");
        }
        if (maxCount < 1) {
            throw new IllegalArgumentException("retention count " + maxCount + "; allowed are 1 and more");
        }
    }

    /** Kept for {@code maxAge}, however many they are. */
    public static Retention of(Duration maxAge) {
        return new Retention(maxAge, Long.MAX_VALUE);
    }
}
