package dev.tutti.concurrent;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Says when a line may be logged about something that others can make happen as often as they like. Safe for use by many threads. */
public final class OncePerMinute {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final LongSupplier ticker;
    private final AtomicLong next;

    /** By the clock of this process. */
    public OncePerMinute() {
        this(System::nanoTime);
    }

    /** By {@code ticker}, which counts nanoseconds. */
    public OncePerMinute(LongSupplier ticker) {
        this.ticker = ticker;
        this.next = new AtomicLong(ticker.getAsLong());
    }

    /** Whether this is the time for a line: at the first call, and then a minute after the last that was told so. */
    public boolean now() {
        long now = ticker.getAsLong();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + MINUTE);
    }
}
