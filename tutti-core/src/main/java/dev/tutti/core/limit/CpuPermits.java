package dev.tutti.core.limit;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Keeps what holds a processor for long, such as parsing a large message, from holding all of them: half of the processors, one
 * at least, may do so at a time, and the rest is left to everybody else. Virtual threads are not interrupted to let others
 * run. Safe for use by many threads; blocks virtual threads only, and only for what is large.
 */
public final class CpuPermits {
    /** From this on input is large, in bytes. */
    public static final int BYTES = 32 * 1024;

    /** One for the process, because the processors are. */
    private static final Semaphore TURNS =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    private CpuPermits() {}

    /** Does {@code work}, which goes through {@code bytes} of input without waiting for anything, when it is its turn. */
    public static <T> T inTurn(int bytes, Supplier<T> work) {
        if (bytes < BYTES || !Thread.currentThread().isVirtual()) {
            return work.get();
        }
        TURNS.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            TURNS.release();
        }
    }
}
