package dev.tutti.cluster.member;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** A wall clock, corrected by what the members' store said was the time. Safe for use by many threads. */
final class StoreClock extends Clock {
    private static final Duration TOLERANCE = Duration.ofMillis(10);

    private final Clock wall;
    private volatile Duration offset = Duration.ZERO;

    /** Over {@code wall}, right until it hears otherwise. */
    StoreClock(Clock wall) {
        this.wall = wall;
    }

    /**
     * The store said {@code told} between two times of the wall clock. Half of what lies between them is not known, and
     * within that the offset stays as it was, so that it does not tremble.
     */
    void heard(Instant asked, Instant told, Instant answered) {
        Duration unknown = Duration.between(asked, answered).dividedBy(2);
        Duration fresh = Duration.between(asked.plus(unknown), told);
        if (fresh.minus(offset).abs().compareTo(unknown.plus(TOLERANCE)) > 0) {
            offset = fresh;
        }
    }

    /** The clock that is corrected. */
    Instant uncorrected() {
        return wall.instant();
    }

    /** How far the store's clock is ahead of this process's. */
    Duration offset() {
        return offset;
    }

    @Override
    public Instant instant() {
        return wall.instant().plus(offset);
    }

    @Override
    public ZoneId getZone() {
        return wall.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return wall.getZone().equals(zone) ? this : Clock.fixed(instant(), zone);
    }
}
