package dev.tutti.testkit.presence;

import java.time.Duration;

/**
 * The times within which presence is right, everywhere.
 *
 * @param appears after somebody came, and after an observer began to watch
 * @param leaves after somebody left
 * @param vanishes after an instance was killed
 * @param grace somebody who vanished and comes back within this time was never away
 */
public record PresencePromise(Duration appears, Duration leaves, Duration vanishes, Duration grace) {
    public PresencePromise {
        if (grace.compareTo(vanishes) > 0) {
            throw new IllegalArgumentException("grace is " + grace + "; allowed is at most vanishes, " + vanishes);
        }
    }
}
