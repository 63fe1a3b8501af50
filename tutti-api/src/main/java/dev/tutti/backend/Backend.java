package dev.tutti.backend;

import dev.tutti.bus.Bus;
import dev.tutti.cache.CacheStore;
import dev.tutti.feed.FeedStore;
import dev.tutti.health.Status;
import dev.tutti.job.JobRunner;
import dev.tutti.lease.LeaseStore;
import dev.tutti.limit.LimitStore;
import dev.tutti.member.MemberStore;
import dev.tutti.recovery.RecoveryStore;
import dev.tutti.session.AttributeStore;
import dev.tutti.stream.StreamStore;
import java.util.Optional;

/**
 * The place where one instance stores its data and finds the other instances: a database, a Redis, or the memory of this process. Each
 * ability is optional. An instance with several backends takes each ability from the last backend that has it, and does not use this
 * ability of the others. A backend belongs to one instance, which closes it. Safe for use by many threads.
 */
public interface Backend extends AutoCloseable {
    /** The name in reports, such as {@code database}. */
    String name();

    /** The store of streams, if it has one. */
    default Optional<StreamStore> streams() {
        return Optional.empty();
    }

    /** The store of the list of instances, if it has one. */
    default Optional<MemberStore> members() {
        return Optional.empty();
    }

    /** The bus between instances, if it has one. Always returns the same; the instance starts and closes it. */
    default Optional<Bus> bus() {
        return Optional.empty();
    }

    /** The store of connections that can be continued at another instance, if it has one. */
    default Optional<RecoveryStore> recovery() {
        return Optional.empty();
    }

    /** The store of leases, if it has one. */
    default Optional<LeaseStore> leases() {
        return Optional.empty();
    }

    /** The second level of caches, for all instances, if it has one. */
    default Optional<CacheStore> cache() {
        return Optional.empty();
    }

    /** The store of feeds, if it has one. */
    default Optional<FeedStore> feeds() {
        return Optional.empty();
    }

    /** The store of rate limits, which counts for all instances together, if it has one. */
    default Optional<LimitStore> limits() {
        return Optional.empty();
    }

    /** The store of attributes of sessions, if it has one. */
    default Optional<AttributeStore> attributes() {
        return Optional.empty();
    }

    /** The store and runner of jobs, if it has one. Always returns the same; the instance closes it. */
    default Optional<JobRunner> jobs() {
        return Optional.empty();
    }

    /**
     * Checks the state of the backend. Called on a platform thread, never twice at a time. May block.
     *
     * @throws Exception if the backend cannot be used; the innermost cause has the reason
     */
    Status check() throws Exception;

    /** Releases all resources. Idempotent; blocks for some seconds at most. */
    @Override
    void close();
}
