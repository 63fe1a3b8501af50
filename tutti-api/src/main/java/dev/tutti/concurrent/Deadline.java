package dev.tutti.concurrent;

import java.time.Duration;

/**
 * The moment by which some work must have ended. Methods pass a deadline on instead of a time to wait, so consecutive waits do not add up
 * to more than the allowed time. Immutable; valid only in this process, because it is a value of this process's monotonic clock.
 *
 * @param nanoTime the moment, as a value of {@link System#nanoTime}
 */
public record Deadline(long nanoTime) {
    /** The deadline {@code budget} from now. */
    public static Deadline in(Duration budget) {
        return new Deadline(System.nanoTime() + budget.toNanos());
    }

    /** The time that is left; zero if the deadline has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /** Whether the deadline has passed. */
    public boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }

    /** An earlier deadline, which leaves {@code reserve} for later work. */
    public Deadline minus(Duration reserve) {
        return new Deadline(nanoTime - reserve.toNanos());
    }
}
