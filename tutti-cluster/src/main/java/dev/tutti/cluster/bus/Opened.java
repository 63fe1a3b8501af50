package dev.tutti.cluster.bus;

/** The outcome of opening a frame that came. */
sealed interface Opened {
    /** A message of a member. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OpenedMessage(byte[] payload) implements Opened {}

    /** Nothing that is heard, and why; the names are the values of a metric's tag. */
    enum RefusalReason implements Opened {
        /** Another version of the envelope, or of what this capability says. */
        VERSION,
        /** Not sealed with the cluster's secret, or changed since, or moved from another topic. */
        FORGED,
        /** Came before, or too far behind what came since. */
        REPLAYED,
        /** Sent too long ago, by the sender's clock. */
        STALE,
        /** Of a capability that needs the secret, which this instance does not have. */
        UNSEALED,
        /** Sealed by a member, but its content could not be taken. */
        UNREADABLE
    }
}
