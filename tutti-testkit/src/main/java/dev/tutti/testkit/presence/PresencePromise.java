package dev.tutti.testkit.presence;

import java.time.Duration;

/**
 * The times within which presence must be right at all instances. Immutable.
 *
 * @param appears the longest time until a user is shown as online, after the user came or the observer began to watch
 * @param leaves the longest time until a user is shown as offline, after the user left
 * @param vanishes the longest time until a user is shown as offline, after the user's instance was killed
 * @param grace the time within which a user who lost the last connection can come back without being shown as offline; at most {@code
 *     vanishes}
 */
public record PresencePromise(Duration appears, Duration leaves, Duration vanishes, Duration grace) {
    public PresencePromise {
        if (grace.compareTo(vanishes) > 0) {
            throw new IllegalArgumentException("grace is " + grace + "; allowed is at most vanishes, " + vanishes);
        }
    }
}
