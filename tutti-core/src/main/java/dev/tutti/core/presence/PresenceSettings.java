package dev.tutti.core.presence;

import java.time.Duration;

/**
 * The settings of presence: how long a user still counts as online without a connection, and how often changes are reported. Immutable.
 *
 * @param grace the time after a connection broke, was told to reconnect elsewhere, or ended with an instance that has left; zero or more
 * @param graceOfTheDead the time after an instance began to count as dead, zero or more. It may be shorter than {@code grace}, because the
 *     users of this instance have been without a connection for some seconds already
 * @param pace the pause between two reports of changes, to other instances and to watchers; at least 10 ms
 */
public record PresenceSettings(Duration grace, Duration graceOfTheDead, Duration pace) {
    /** Grace of 5 s, or 2 s after the death of an instance; changes are reported every 100 ms. */
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
