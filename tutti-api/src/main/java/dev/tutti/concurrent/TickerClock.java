package dev.tutti.concurrent;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A clock that goes with a ticker: what waits by it does not notice when somebody sets the wall's. Safe for use by many threads. */
public final class TickerClock extends Clock {
    private final LongSupplier ticker;
    private final long start;

    /** Begins at the epoch; {@code ticker} counts nanoseconds. */
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
