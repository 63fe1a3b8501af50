package dev.tutti.testkit.proxy;

/** A direction through a proxy, seen from the side that connected. */
public enum Direction {
    /** From who connected to who was connected to. */
    OUT,
    /** Back. */
    BACK,
    /** Both. */
    BOTH;

    boolean covers(Direction other) {
        return this == BOTH || this == other;
    }
}
