package dev.tutti.core.lease;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The turns in which callers that want to know something of a lease at once call the store. A few of them do so at a time, because
 * heartbeats go over the same connection, which has a queue of a hundred. Safe for use by many threads; blocks for five seconds and
 * the call at most.
 */
final class LeaseCallPermits {
    private static final int MOST = 16;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Semaphore free = new Semaphore(MOST);

    /**
     * Calls the store in turn.
     *
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if no turn comes in time, with {@link ErrorCode#UNAVAILABLE} if the
     *     thread is interrupted while it waits for one
     */
    <T> T take(Supplier<T> call) {
        try {
            if (!free.tryAcquire(LONGEST.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TuttiException(
                        ErrorCode.OVERLOADED,
                        MOST + " calls for leases are under way, and none has ended for " + LONGEST.toSeconds() + " s",
                        AGAIN);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(ErrorCode.UNAVAILABLE, "interrupted while others asked for leases", interrupted);
        }
        try {
            return call.get();
        } finally {
            free.release();
        }
    }
}
