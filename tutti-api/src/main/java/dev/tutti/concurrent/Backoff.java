package dev.tutti.concurrent;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between tries: each twice as long as the one before, up to a longest one.
 *
 * @param first after the first failure; positive
 * @param longest the bound of all of them, also of the first; positive
 */
public record Backoff(Duration first, Duration longest) {
    private static final int WHOLE = 100; // percent
    private static final int LEAST = 50;

    /**
     * Pauses from {@code first} to {@code longest}.
     *
     * @throws IllegalArgumentException if one of them is not positive
     */
    public Backoff {
        if (!first.isPositive() || !longest.isPositive()) {
            throw new IllegalArgumentException(
                    "pauses from " + first + " to " + longest + "; allowed is what is longer than PT0S");
        }
    }

    /** The pause after so many failures one after the other, from 1. */
    public Duration pause(int failures) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /** As {@link #pause}, or by chance up to half of it shorter: those that failed together do not come back together. */
    public Duration jittered(int failures) {
        return pause(failures)
                .multipliedBy(ThreadLocalRandom.current().nextInt(LEAST, WHOLE + 1))
                .dividedBy(WHOLE);
    }
}
