package dev.tutti.testkit.nemesis;

import java.time.Duration;

/**
 * One disruption of a plan.
 *
 * @param at the time from the beginning of the run to the beginning of the disruption
 * @param disruption the disruption
 * @param lasts the time from the beginning of the disruption to its end
 */
public record Step(Duration at, Disruption disruption, Duration lasts) {
    /** The time from the beginning of the run to the end of the disruption. */
    public Duration until() {
        return at.plus(lasts);
    }

    @Override
    public String toString() {
        return "%7.2f s  %s, for %.2f s".formatted(at.toMillis() / 1000.0, disruption, lasts.toMillis() / 1000.0);
    }
}
