package dev.tutti.core.limit;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds the processors that long computations, such as parsing large messages, use at a time: at most half of the processors, at least
 * one. The other processors are free for other work. Permits are needed because a virtual thread that computes is not preempted. Safe for
 * use by many threads; blocks only virtual threads, and only for large input.
 */
public final class CpuPermits {
    /** The length from which input counts as large, in bytes. */
    public static final int BYTES = 32 * 1024;

    /** Shared by the whole process, as the processors are. */
    private static final Semaphore PERMITS =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    private CpuPermits() {}

    /**
     * Runs {@code work} on this thread, with a permit if {@code bytes} is large and this is a virtual thread. Blocks for the permit, in the
     * order of arrival.
     *
     * @param bytes the length of the input that the work processes
     * @param work a computation that does not wait for anything
     */
    public static <T> T inTurn(int bytes, Supplier<T> work) {
        if (bytes < BYTES || !Thread.currentThread().isVirtual()) {
            return work.get();
        }
        PERMITS.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            PERMITS.release();
        }
    }
}
