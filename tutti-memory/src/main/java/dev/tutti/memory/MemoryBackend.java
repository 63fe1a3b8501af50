package dev.tutti.memory;

import dev.tutti.backend.Backend;
import dev.tutti.bus.Bus;
import dev.tutti.feed.FeedStore;
import dev.tutti.health.Status;
import dev.tutti.lease.LeaseStore;
import dev.tutti.limit.LimitStore;
import dev.tutti.member.MemberStore;
import dev.tutti.recovery.RecoveryStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * A backend that stores everything in the memory of this process, and loses it with the process. It is for tests, for trials, and for data
 * that need not last. Instances in one process form a cluster if their backends come from one another by {@link #another}. Safe for use by
 * many threads.
 */
public final class MemoryBackend implements Backend {
    /** The content that the backends of one process share. */
    private record MemoryStores(
            MemoryStreamStore streams,
            MemoryMemberStore members,
            MemoryRecoveryStore recovery,
            MemoryLeaseStore leases,
            MemoryFeedStore feeds,
            MemoryLimitStore limits,
            MemoryBus.Wire wire) {}

    private final MemoryStores stores;
    private final MemoryBus bus;

    private MemoryBackend(MemoryStores stores) {
        this.stores = stores;
        this.bus = new MemoryBus(stores.wire());
    }

    /** A backend that keeps the events of all streams for a week. */
    public static MemoryBackend open() {
        return open(RetentionPolicy.of(Retention.of(Duration.ofDays(7))), Clock.systemUTC());
    }

    /** A backend with this retention, by {@code clock}. */
    public static MemoryBackend open(RetentionPolicy retention, Clock clock) {
        return new MemoryBackend(new MemoryStores(
                new MemoryStreamStore(retention, clock),
                new MemoryMemberStore(clock),
                new MemoryRecoveryStore(clock),
                new MemoryLeaseStore(clock),
                new MemoryFeedStore(),
                new MemoryLimitStore(clock),
                new MemoryBus.Wire()));
    }

    /** A backend for another instance, with the same content. */
    public MemoryBackend another() {
        return new MemoryBackend(stores);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Optional<StreamStore> streams() {
        return Optional.of(stores.streams());
    }

    @Override
    public Optional<MemberStore> members() {
        return Optional.of(stores.members());
    }

    @Override
    public Optional<Bus> bus() {
        return Optional.of(bus);
    }

    @Override
    public Optional<RecoveryStore> recovery() {
        return Optional.of(stores.recovery());
    }

    @Override
    public Optional<LeaseStore> leases() {
        return Optional.of(stores.leases());
    }

    @Override
    public Optional<FeedStore> feeds() {
        return Optional.of(stores.feeds());
    }

    @Override
    public Optional<LimitStore> limits() {
        return Optional.of(stores.limits());
    }

    @Override
    public Status check() {
        return Status.HEALTHY;
    }

    /** Does nothing: the content belongs to the other instances, too. */
    @Override
    public void close() {
        // left to the garbage collector
    }
}
