package dev.tutti.lease;

import dev.tutti.ListenerRegistration;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The leases of a cluster. A lease has a name, and one process at a time holds it. Safe for use by many threads. Methods that
 * block say so. They fail with {@link dev.tutti.ErrorCode#UNAVAILABLE} if the store is not available, with {@link
 * dev.tutti.ErrorCode#UNSUPPORTED} if no backend stores leases, with {@link dev.tutti.ErrorCode#OVERLOADED} if this process
 * waits for too many leases, and with {@link dev.tutti.ErrorCode#GOING_AWAY} if this process is closing, also while they wait.
 */
public interface Leases {
    /**
     * Acquires the lease if it is free now. Blocks until the store has answered.
     *
     * @throws IllegalArgumentException if {@code name} is empty, or has more than {@value LeaseStore#MAX_NAME} characters
     */
    Optional<Lease> tryAcquire(String name);

    /**
     * Acquires the lease if it becomes free within {@code patience}. Blocks. While the store is not available, it is asked again and again.
     *
     * @throws IllegalArgumentException if {@code name} is empty, or has more than {@value LeaseStore#MAX_NAME} characters
     * @throws InterruptedException if the thread is interrupted while it waits; it does not have the lease then
     */
    Optional<Lease> acquire(String name, Duration patience) throws InterruptedException;

    /**
     * As above, but only after the lease has been free for {@code freeFor}. This gives preferred instances, which use zero, a head start.
     *
     * @throws IllegalArgumentException if {@code name} is empty, or has more than {@value LeaseStore#MAX_NAME} characters, or {@code
     *     freeFor} is negative, or not less than {@link LeaseStore#FORGOTTEN_AFTER}
     * @throws InterruptedException if the thread is interrupted while it waits; it does not have the lease then
     */
    Optional<Lease> acquire(String name, Duration freeFor, Duration patience) throws InterruptedException;

    /**
     * The current or the last holder of the lease. Empty if it was never held, or not for {@link
     * LeaseStore#FORGOTTEN_AFTER}. Blocks.
     */
    Optional<LeaseState> find(String name);

    /**
     * Calls {@code watcher} with the state of the lease whenever its holder changes or it becomes free, and once at the beginning if the
     * lease was ever held. Changes are noticed within a second, or sooner by a message on the bus. The watcher runs on the thread that
     * acquires leases, and must return quickly.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#OVERLOADED} if a hundred leases are watched already, with {@link
     *     dev.tutti.ErrorCode#GOING_AWAY} if this instance is closing
     */
    ListenerRegistration watch(String name, Consumer<LeaseState> watcher);
}
