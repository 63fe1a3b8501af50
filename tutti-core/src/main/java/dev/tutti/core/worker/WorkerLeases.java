package dev.tutti.core.worker;

import dev.tutti.lease.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** The leases of workers. Safe for use by many threads. */
@FunctionalInterface
public interface WorkerLeases {
    /**
     * Acquires the lease called {@code name} once it has been free for what {@code freeFor} says each time the store is asked, when
     * there is one of {@code places}; empty if that takes longer than {@code patience}. A place is taken only while the store is
     * asked, and comes with the lease: the caller gives it back.
     */
    Optional<Lease> acquire(String name, Supplier<Duration> freeFor, Duration patience, Semaphore places)
            throws InterruptedException;
}
