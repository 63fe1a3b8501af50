package dev.tutti.concurrent;

import java.time.Duration;

/**
 * The moment by which something must have ended. It is handed down instead of a time to wait, so that waits that follow
 * one another do not add up to more than was allowed.
 *
 * @param nanoTime of {@link System#nanoTime}
 */
public record Deadline(long nanoTime) {
    /** The moment when {@code budget} has passed from now on. */
    public static Deadline in(Duration budget) {
        return new Deadline(System.nanoTime() + budget.toNanos());
    }

    /** How long it is until then; zero if it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /** Whether it has come. */
    public boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }

    /** An earlier one, which leaves {@code reserve} for what follows. */
    public Deadline minus(Duration reserve) {
        return new Deadline(nanoTime - reserve.toNanos());
    }
}
