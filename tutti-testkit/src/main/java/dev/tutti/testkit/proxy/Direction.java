package dev.tutti.testkit.proxy;

/** A direction of data through a proxy, as seen by the client. */
public enum Direction {
    /** From the client to the server. */
    OUT,
    /** From the server to the client. */
    BACK,
    /** Both directions. */
    BOTH;

    boolean covers(Direction other) {
        return this == BOTH || this == other;
    }
}
