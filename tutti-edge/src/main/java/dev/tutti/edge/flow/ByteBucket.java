package dev.tutti.edge.flow;

import java.time.Duration;

/**
 * A token bucket of bytes: how many one client may still send. More than that may have come already: it is owed, and nothing more
 * is to be read until that has come back. Pure: the caller says what time it is. Not safe for use by several threads.
 */
public final class ByteBucket {
    private static final long MICROS = 1_000_000;
    private static final long LONGEST_MICROS = 3_600 * MICROS; // counted at a time, so that nothing overflows

    private final long burst;
    private long perSecond;
    private long left;
    private long filled;

    /**
     * A full bucket.
     *
     * @param perSecond how many bytes come back each second, 0 for none
     * @param burst how many bytes there are at once
     * @param nanoTime what time it is, in nanoseconds of a monotonic clock
     */
    ByteBucket(long perSecond, long burst, long nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst;
        this.filled = nanoTime;
    }

    /** From {@code nanoTime} on so many bytes come back each second. */
    void refill(long bytes, long nanoTime) {
        perSecond = bytes;
        filled = nanoTime;
    }

    /** Charges {@code bytes} that have come; how long to read nothing then, which is zero for a bucket into which nothing comes back. */
    public Duration charge(long bytes, long nanoTime) {
        long micros = Math.min((nanoTime - filled) / 1_000, LONGEST_MICROS);
        left = Math.min(burst, left + micros * perSecond / MICROS);
        filled += micros * 1_000;
        left -= bytes;
        return isOverdrawn() && perSecond > 0
                ? Duration.ofSeconds(-left / perSecond, -left % perSecond * 1_000_000_000L / perSecond)
                : Duration.ZERO;
    }

    /** Whether more has come than may. */
    public boolean isOverdrawn() {
        return left < 0;
    }
}
