package dev.tutti.core.presence;

import java.time.Duration;

/**
 * The settings of presence: for how long somebody whose connection is gone still counts as there, and how often changes are told.
 *
 * @param grace after a connection broke or was sent elsewhere, or an instance has left
 * @param graceOfTheDead after an instance was taken for dead, when its people have been away for some seconds already
 * @param pace how often changes are told
 */
public record PresenceSettings(Duration grace, Duration graceOfTheDead, Duration pace) {
    /** 5 s, 2 s, 100 ms. */
    public static final PresenceSettings DEFAULT =
            new PresenceSettings(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMillis(100));

    public PresenceSettings {
        if (grace.isNegative() || graceOfTheDead.isNegative()) {
            throw new IllegalArgumentException(
                    "grace is " + grace + ", of the dead " + graceOfTheDead + "; neither may be negative");
        }
        if (pace.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("pace is " + pace + "; allowed are 10 ms and more");
        }
    }
}
