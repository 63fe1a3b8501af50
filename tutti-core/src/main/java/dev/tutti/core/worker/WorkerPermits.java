package dev.tutti.core.worker;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The permits of the workers of this instance, which bound how many run at a time. A permit is held while a worker runs, and while
 * a lease is asked for that is given at once or not: a worker that waits holds none. Safe for use by many threads.
 */
final class WorkerPermits {
    private final Semaphore free;
    private final AtomicInteger wanting = new AtomicInteger();

    WorkerPermits(int most) {
        free = new Semaphore(most, true);
    }

    /** Those that nobody holds. */
    Semaphore free() {
        return free;
    }

    /** Waits until one is free, and leaves it so; false if that takes longer than {@code patience}. */
    boolean awaitFree(Duration patience) throws InterruptedException {
        boolean one = free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (one) {
            free.release();
        }
        return one;
    }

    /**
     * Whether one more shard may be asked for that another instance runs; then {@link #wantNoMore} follows. No more than could be
     * run here.
     */
    boolean want() {
        boolean may = wanting.incrementAndGet() <= free.availablePermits();
        if (!may) {
            wantNoMore();
        }
        return may;
    }

    /** It has come, or is waited for no longer. */
    void wantNoMore() {
        wanting.decrementAndGet();
    }
}
