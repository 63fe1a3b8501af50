package dev.tutti.health;

import java.util.Locale;

/** How well something is; the worse comes later. */
public enum Status {
    /** As it should be. */
    HEALTHY,
    /** It works, with less than it should have. */
    DEGRADED,
    /** It does not work. */
    UNAVAILABLE;

    /** As it is written on the wire. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The worse of the two. */
    public Status worse(Status other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
