package dev.tutti.concurrent;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff: the pauses between attempts. Each pause is twice as long as the previous one, up to the longest pause. Immutable.
 *
 * @param first the pause after the first failure; positive. If it is longer than {@code longest}, every pause is {@code longest}
 * @param longest the longest pause; positive
 */
public record Backoff(Duration first, Duration longest) {
    private static final int WHOLE_PERCENT = 100;
    private static final int SHORTEST_PERCENT = 50;

    /**
     * A backoff with pauses from {@code first} to {@code longest}.
     *
     * @throws IllegalArgumentException if one of the two is not positive
     */
    public Backoff {
        if (!first.isPositive() || !longest.isPositive()) {
            throw new IllegalArgumentException(
                    "pauses from " + first + " to " + longest + "; allowed is what is longer than PT0S");
        }
    }

    /** The pause after {@code failures} consecutive failures, 1 or more. */
    public Duration pause(int failures) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /**
     * As {@link #pause}, shortened at random by up to a half. So callers that fail at the same time do not all try again at the same time.
     */
    public Duration jittered(int failures) {
        return pause(failures)
                .multipliedBy(ThreadLocalRandom.current().nextInt(SHORTEST_PERCENT, WHOLE_PERCENT + 1))
                .dividedBy(WHOLE_PERCENT);
    }
}
