package dev.tutti.faults.hostile;

import java.time.Duration;
import java.util.Arrays;

/** The durations of something that was done many times. Safe for use by many threads. */
final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    synchronized void add(long nanosTaken) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = nanosTaken;
    }

    synchronized int count() {
        return count;
    }

    /** The duration that {@code percent} of them did not exceed; zero if there are none. */
    synchronized Duration percentile(double percent) {
        if (count == 0) {
            return Duration.ZERO;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[Math.clamp((int) Math.ceil(count * percent / 100) - 1, 0, count - 1)]);
    }
}
