package dev.tutti.testkit.proxy;

/** A direction through a proxy, seen from whoever connected. */
public enum Way {
    /** From who connected to who was connected to. */
    OUT,
    /** Back. */
    BACK,
    /** Both. */
    BOTH;

    boolean covers(Way other) {
        return this == BOTH || this == other;
    }
}
