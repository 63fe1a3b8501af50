package dev.tutti.lease;

import dev.tutti.ListenerRegistration;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The leases of a cluster: each has a name, and one process at a time has it. Safe for use by many threads. Methods that
 * block say so, and fail with {@link dev.tutti.ErrorCode#UNAVAILABLE} if the store is away, with {@link
 * dev.tutti.ErrorCode#UNSUPPORTED} if no backend keeps leases, and with {@link dev.tutti.ErrorCode#OVERLOADED} if this process
 * waits for very many. Those who wait while this process is closed, or begin to, get {@link dev.tutti.ErrorCode#GOING_AWAY}.
 */
public interface Leases {
    /**
     * The lease, if it is free now. Blocks for as long as the store needs to answer.
     *
     * @throws IllegalArgumentException if {@code name} is empty, or has more than {@value LeaseStore#MAX_NAME} characters
     */
    Optional<Lease> tryAcquire(String name);

    /**
     * The lease, if it becomes free within {@code patience}. Blocks; while the store is away it is asked again and again.
     *
     * @throws IllegalArgumentException if {@code name} is empty, or has more than {@value LeaseStore#MAX_NAME} characters
     * @throws InterruptedException if the thread is interrupted while it waits; it does not have the lease then
     */
    Optional<Lease> acquire(String name, Duration patience) throws InterruptedException;

    /**
     * As above, if nobody has had it for as long as {@code freeFor}: a head start for instances that shall rather have it.
     *
     * @throws IllegalArgumentException if {@code name} is empty, or has more than {@value LeaseStore#MAX_NAME} characters, or {@code
     *     freeFor} is negative, or not less than {@link LeaseStore#FORGOTTEN_AFTER}
     * @throws InterruptedException if the thread is interrupted while it waits; it does not have the lease then
     */
    Optional<Lease> acquire(String name, Duration freeFor, Duration patience) throws InterruptedException;

    /**
     * The holder of the lease, or the last one; empty if nobody ever had it, or nobody has had it for {@link
     * LeaseStore#FORGOTTEN_AFTER}. Blocks.
     */
    Optional<LeaseState> find(String name);

    /**
     * Tells {@code watcher} who has the lease, whenever that is somebody else, or nobody, and at once if it was ever had. Within
     * a second, or as soon as the bus says so. The watcher runs on the thread that asks for leases and must be brief.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#OVERLOADED} if a hundred are watched, with {@link
     *     dev.tutti.ErrorCode#GOING_AWAY} if this instance is closing
     */
    ListenerRegistration watch(String name, Consumer<LeaseState> watcher);
}
