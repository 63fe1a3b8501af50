package dev.tutti.testkit.history;

/** The kinds of broken guarantees. */
public enum Fault {
    /** An acknowledged message is not in the log, or an event of the log was not delivered to an entitled client. */
    LOST,
    /** A message is in the log twice, or an event was delivered to a client twice. */
    DUPLICATE,
    /** An older event was delivered to a client after a newer one. */
    OUT_OF_ORDER,
    /** The log has an event that no client sent, or an event was delivered that is not in the log. */
    PHANTOM,
    /** A message is in the log although each attempt to send it was refused. */
    REFUSED_YET_STORED,
    /** The seq of a message in the log differs from the acknowledged one, or two different seqs were acknowledged. */
    MISPLACED,
    /** A message has a smaller seq than a message that was acknowledged before it was sent. */
    OVERTAKEN,
    /** The numbers of a stream have a hole or a repeat. */
    HOLE,
    /** An event was delivered to a client that is not entitled to it. */
    LEAKED,
    /** A client was told that events are no longer kept, but they are. */
    NEEDLESS_GAP,
    /** A user was shown as online, or as offline, for longer after a change than is allowed. */
    STALE_PRESENCE,
    /** A user who was without a connection for no longer than the grace time was shown as offline. */
    FLICKER,
    /** More of a resource was used than is allowed. */
    OVER_LIMIT,
    /** A process ended by itself, or did not end in time when it was told to. */
    UNRULY_PROCESS,
    /** An operation does not work although all faults have ended. */
    STUCK,
    /** A cursor or token was refused although the client had received it from the server. */
    REFUSED_TOKEN,
    /** A made-up cursor or token was accepted. */
    BELIEVED,
    /** A live instance counted as dead. */
    FENCED,
    /** A message to one socket, by its id, was not delivered although no fault prevented it. */
    UNREACHED,
    /** A connection stayed open although its login had ended. */
    OUTLIVED,
    /** A cache returned a value that had been invalidated for longer than is allowed. */
    STALE_VALUE,
    /** An effect under an older token of a lease happened after one under a newer token. */
    UNFENCED,
    /** The history itself is wrong, for example an answer to a message that was never sent: a defect of the test, not of the system. */
    UNEXPLAINED
}
