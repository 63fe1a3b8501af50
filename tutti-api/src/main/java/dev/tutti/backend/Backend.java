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
 * The place where one instance keeps its data and finds the others: a database, a Redis, the memory of this process.
 * Each ability is optional; an instance that is built on several backends takes each ability from the last one that has it,
 * and asks the others for nothing. For one instance, which closes it. Safe for use by many threads.
 */
public interface Backend extends AutoCloseable {
    /** Its name in reports, such as {@code database}. */
    String name();

    /** Keeps streams; empty if it cannot. */
    default Optional<StreamStore> streams() {
        return Optional.empty();
    }

    /** Keeps the list of instances; empty if it cannot. */
    default Optional<MemberStore> members() {
        return Optional.empty();
    }

    /** Carries messages between instances; empty if it cannot. Always the same; the instance starts and closes it. */
    default Optional<Bus> bus() {
        return Optional.empty();
    }

    /** Keeps what connections need to be continued at another instance; empty if it cannot. */
    default Optional<RecoveryStore> recovery() {
        return Optional.empty();
    }

    /** Keeps leases; empty if it cannot. */
    default Optional<LeaseStore> leases() {
        return Optional.empty();
    }

    /** Keeps the values of caches for all instances; empty if it cannot. */
    default Optional<CacheStore> cache() {
        return Optional.empty();
    }

    /** Keeps feeds; empty if it cannot. */
    default Optional<FeedStore> feeds() {
        return Optional.empty();
    }

    /** Counts what is limited for all instances together; empty if it cannot. */
    default Optional<LimitStore> limits() {
        return Optional.empty();
    }

    /** Keeps attributes of sessions; empty if it cannot. */
    default Optional<AttributeStore> attributes() {
        return Optional.empty();
    }

    /** Keeps jobs and runs them; empty if it cannot. Always the same; the instance closes it. */
    default Optional<JobRunner> jobs() {
        return Optional.empty();
    }

    /**
     * How well it is. Called on a platform thread, never twice at a time; blocks for as long as it takes.
     *
     * @throws Exception if it cannot be used, for the reason that the innermost cause gives
     */
    Status check() throws Exception;

    /** Gives back all that it holds. Idempotent; blocks for seconds at most. */
    @Override
    void close();
}
