package dev.tutti.health;

import java.util.Locale;

/** The state of a dependency or of an instance, in order from good to bad. */
public enum Status {
    /** It works without restriction. */
    HEALTHY,
    /** It works with restrictions. */
    DEGRADED,
    /** It does not work. */
    UNAVAILABLE;

    /** The state as it is sent to clients. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The worse of the two. */
    public Status worse(Status other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
