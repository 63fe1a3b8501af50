package dev.tutti.testkit.nemesis;

import java.time.Duration;

/**
 * The cluster and the length of the run for which a plan is made. Immutable.
 *
 * @param instances the number of instances, 1 to 100
 * @param redis whether the cluster has a Redis
 * @param time the length of the run, at least 1 s
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
