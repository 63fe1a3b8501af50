package dev.tutti.concurrent;

import java.time.Duration;

/**
 * The moment by which some work must have ended. Methods pass it on instead of a time to wait. So consecutive waits do not add up to more
 * than the allowed time.
 *
 * @param nanoTime the moment, as a value of {@link System#nanoTime}
 */
public record Deadline(long nanoTime) {
    /** The moment at which {@code budget} will have passed from now on. */
    public static Deadline in(Duration budget) {
        return new Deadline(System.nanoTime() + budget.toNanos());
    }

    /** The time that is left; zero if the moment has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /** Whether the moment has passed. */
    public boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }

    /** An earlier deadline, which leaves {@code reserve} for later work. */
    public Deadline minus(Duration reserve) {
        return new Deadline(nanoTime - reserve.toNanos());
    }
}
