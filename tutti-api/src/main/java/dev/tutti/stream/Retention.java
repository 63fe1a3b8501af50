package dev.tutti.stream;

import java.time.Duration;

/**
 * The time and the number for which events of one kind of stream are kept. An event is dropped when one of the two is exceeded.
 *
 * @param maxAge the longest age, at least one minute
 * @param maxCount the most events per stream, at least 1; {@link Long#MAX_VALUE} for no such bound
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

    /** Events are kept for {@code maxAge}, without a bound on their number. */
    public static Retention of(Duration maxAge) {
        return new Retention(maxAge, Long.MAX_VALUE);
    }
}
