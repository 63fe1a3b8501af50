package dev.tutti.faults;

import dev.tutti.faults.cluster.FaultClusterSettings;
import dev.tutti.testkit.nemesis.Plan;
import dev.tutti.testkit.nemesis.Scope;
import java.time.Duration;

/**
 * One run of the bench.
 *
 * @param seed what is done to the cluster, and what clients say; not what threads and disks make of it
 * @param time how long, 5 s to 12 h
 * @param clients how many, 2 to 100
 * @param cluster what is tormented
 * @param plan what is done
 * @param patience how long everything may take to arrive when all is well again
 * @param untilFound whether it ends with the first finding that nothing which comes later can explain
 */
public record RunSettings(
        long seed,
        Duration time,
        int clients,
        FaultClusterSettings cluster,
        Plan plan,
        Duration patience,
        boolean untilFound) {
    public RunSettings {
        if (time.compareTo(Duration.ofSeconds(5)) < 0 || time.compareTo(Duration.ofHours(12)) > 0) {
            throw new IllegalArgumentException("time is " + time + "; allowed are PT5S to PT12H");
        }
        if (clients < 2 || clients > 100) {
            throw new IllegalArgumentException("clients is " + clients + "; allowed are 2 to 100");
        }
    }

    /** With the plan of the seed. */
    public RunSettings(long seed, Duration time, int clients, FaultClusterSettings cluster) {
        this(
                seed,
                time,
                clients,
                cluster,
                Plan.of(seed, new Scope(cluster.instances(), cluster.redis(), time)),
                Duration.ofSeconds(60),
                false);
    }

    /** The same with another plan, and less patience, until something is found. */
    RunSettings untilFound(Plan other, Duration shorter) {
        return new RunSettings(seed, time, clients, cluster, other, shorter, true);
    }
}
