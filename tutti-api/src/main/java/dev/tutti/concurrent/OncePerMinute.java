package dev.tutti.concurrent;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits log lines to one a minute, for events that clients can cause as often as they like. Safe for use by many threads; never blocks.
 */
public final class OncePerMinute {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final LongSupplier ticker;
    private final AtomicLong next;

    /** A limit by this process's monotonic clock. */
    public OncePerMinute() {
        this(System::nanoTime);
    }

    /** A limit by {@code ticker}, a monotonic clock that counts nanoseconds. */
    public OncePerMinute(LongSupplier ticker) {
        this.ticker = ticker;
        this.next = new AtomicLong(ticker.getAsLong());
    }

    /** Whether the caller may log now: true at the first call, and then again when a minute has passed since the last true. */
    public boolean now() {
        long now = ticker.getAsLong();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + MINUTE);
    }
}
