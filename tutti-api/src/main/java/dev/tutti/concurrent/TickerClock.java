package dev.tutti.concurrent;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A clock that follows a monotonic ticker, so it does not jump when the system's clock is set. Safe for use by many threads. */
public final class TickerClock extends Clock {
    private final LongSupplier ticker;
    private final long start;

    /** A clock that begins at the epoch; {@code ticker} counts nanoseconds. */
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

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
