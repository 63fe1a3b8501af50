package dev.tutti.tck;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved, by one thread at a time. Safe for reading by many. */
public final class MovedClock extends Clock {
    private volatile Instant now;

    /** Stands at the beginning of 2026. */
    public MovedClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** Stands at {@code start}. */
    public MovedClock(Instant start) {
        this.now = start;
    }

    /** Moves it by {@code time}, back if that is negative. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
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
