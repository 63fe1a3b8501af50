package dev.tutti.testkit.nemesis;

import java.time.Duration;

/**
 * One disruption of a plan.
 *
 * @param at when it begins, from the beginning of the run
 * @param disruption what happens
 * @param lasts how long, before it is put right
 */
public record Step(Duration at, Disruption disruption, Duration lasts) {
    /** When it is put right. */
    public Duration until() {
        return at.plus(lasts);
    }

    @Override
    public String toString() {
        return "%7.2f s  %s, for %.2f s".formatted(at.toMillis() / 1000.0, disruption, lasts.toMillis() / 1000.0);
    }
}
