package dev.tutti.testkit.nemesis;

import java.time.Duration;

/**
 * The cluster and the time that a plan is for.
 *
 * @param instances how many there are, 1 to 100
 * @param redis whether there is a Redis
 * @param time how long it goes on, 1 s and more
 */
public record Scope(int instances, boolean redis, Duration time) {
    public Scope {
        if (instances < 1 || instances > 100) {
            throw new IllegalArgumentException("instances is " + instances + "; allowed are 1 to 100");
        }
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("time is " + time + "; allowed are PT1S and more");
        }
    }
}
