package dev.tutti.core.cache;

import java.time.Duration;

/**
 * The record of whether the other instances know this one. Instances that do not know it have told it of no invalidation. Times are
 * nanoseconds of one monotonic clock. Safe for use by many threads.
 */
final class PeerIntroductions {
    private final long settling;
    private volatile long settledAt;
    private volatile boolean fenced; // the others tell this instance nothing

    /** Of one that has just joined, others of which may not know it for {@code settling}. */
    PeerIntroductions(Duration settling, boolean alone, long now) {
        this.settling = settling.toNanos();
        this.settledAt = alone ? now : now + this.settling;
    }

    /** The others have taken it for dead. */
    void fenced() {
        fenced = true;
    }

    /** It has joined anew. */
    void rejoined(long now) {
        settledAt = now + settling;
        fenced = false;
    }

    /** For how long a value may be kept whose load began at {@code begun}: no longer than until all others know of it. */
    long trust(long begun, long now) {
        if (fenced) {
            return 0;
        }
        long settled = settledAt;
        return begun - settled >= 0 ? Long.MAX_VALUE : settled - now;
    }
}
