package dev.tutti.bench.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The pauses of a measurement, in which something is watched. */
final class Pauses {
    private Pauses() {}

    /** Lets {@code duration} pass. */
    static void of(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
