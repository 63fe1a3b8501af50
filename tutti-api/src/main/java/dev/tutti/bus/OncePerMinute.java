package dev.tutti.bus;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Says when a line may be logged about something that others can make happen as often as they like. Safe for use by many threads. */
public final class OncePerMinute {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final AtomicLong next = new AtomicLong(System.nanoTime());

    /** Whether this is the time for a line: at the first call, and then a minute after the last that was told so. */
    public boolean now() {
        long now = System.nanoTime();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + MINUTE);
    }
}
