package dev.tutti.core;

import dev.tutti.backend.Backend;
import dev.tutti.cluster.member.BusLiveness;
import dev.tutti.cluster.member.Membership;
import dev.tutti.core.cache.ClusterCaches;
import dev.tutti.core.feed.ClusterFeeds;
import dev.tutti.core.health.Health;
import dev.tutti.core.lease.ClusterLeases;
import dev.tutti.core.worker.ClusterWorkers;
import dev.tutti.health.Status;
import dev.tutti.job.JobRunner;
import java.util.List;

/** The checks that make up the health of an instance. */
final class HealthChecks {
    private HealthChecks() {}

    /** Adds those of what other instances and their messages bring to {@code health}: streams must be there, and everything else should. */
    static void register(
            Health health, List<Backend> backends, Membership membership, ClusterCaches caches, BusLiveness liveness) {
        backends.forEach(backend -> {
            if (backend.streams().isPresent()) {
                health.require(backend.name(), backend::check);
            } else {
                health.prefer(backend.name(), backend::check);
            }
        });
        health.prefer("membership", () -> healthyIf(membership.current()));
        health.prefer("clock", () -> healthyIf(membership.skew().abs().compareTo(Membership.MOST_SKEW) <= 0));
        health.prefer("caches", () -> healthyIf(caches.isSound()));
        health.prefer("hearing", () -> healthyIf(liveness.isSound()));
    }

    /** Adds those of what runs here. */
    static void register(
            Health health, ClusterFeeds feeds, ClusterLeases leases, ClusterWorkers workers, JobRunner jobs) {
        health.prefer("feeds", () -> healthyIf(feeds.isSound()));
        health.prefer("leases", () -> healthyIf(leases.isSound()));
        health.prefer("workers", () -> healthyIf(workers.isSound()));
        health.prefer("jobs", () -> healthyIf(jobs.isSound()));
    }

    private static Status healthyIf(boolean sound) {
        return sound ? Status.HEALTHY : Status.DEGRADED;
    }
}
