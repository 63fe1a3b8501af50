package dev.tutti.concurrent;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * A clock that follows a monotonic ticker, so it does not jump when the system's clock is set. It starts at the epoch: use it for
 * durations, not for the time of day. Its zone is always UTC. Safe for use by many threads.
 */
public final class TickerClock extends Clock {
    private final LongSupplier ticker;
    private final long start;

    /** A clock that shows the epoch now. {@code ticker} is a monotonic clock that counts nanoseconds, such as {@link System#nanoTime}. */
    public TickerClock(LongSupplier ticker) {
        this.ticker = ticker;
        this.start = ticker.getAsLong();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(ticker.getAsLong() - start);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** This clock: an instant does not depend on the zone. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
