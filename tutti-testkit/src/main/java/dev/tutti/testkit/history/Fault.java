package dev.tutti.testkit.history;

/** The ways in which a promise can be broken. */
public enum Fault {
    /** An acknowledged message is not in the log, or an event of the log did not reach somebody entitled to it. */
    LOST,
    /** A message is in the log twice, or an event reached a client twice. */
    DUPLICATE,
    /** A client was given an older event after a newer one. */
    OUT_OF_ORDER,
    /** An event that nobody sent is in the log, or a client was given an event that is not in the log. */
    PHANTOM,
    /** A message is in the log although its sender was told, each time, that nothing was stored. */
    REFUSED_YET_STORED,
    /** A message has another place in the log than its sender was told, or its sender was told two places. */
    MISPLACED,
    /** A message stands before one that was acknowledged before it was sent. */
    OVERTAKEN,
    /** The numbers of a stream have a hole or a repeat. */
    HOLE,
    /** A client was given an event it is not entitled to. */
    LEAKED,
    /** A client was told that events are no longer kept, and they are. */
    NEEDLESS_GAP,
    /** Somebody was shown as present, or as absent, for longer after the change than may be. */
    STALE_PRESENCE,
    /** Somebody who was away for no longer than the grace time was shown as absent. */
    FLICKER,
    /** More of something was used than is allowed. */
    OVER_LIMIT,
    /** A process ended by itself, or did not end in time when it was asked to. */
    UNRULY_PROCESS,
    /** Something that must work, as all is well again, does not. */
    STUCK,
    /** A cursor or token was not accepted, though a client came back with it as it had been given it. */
    REFUSED_TOKEN,
    /** A made-up cursor or token was taken for true. */
    BELIEVED,
    /** A live instance was taken for dead. */
    FENCED,
    /** A message for one socket, by its id, did not reach it although nothing was in its way. */
    UNREACHED,
    /** A connection went on although its login had ended. */
    OUTLIVED,
    /** A cached value was given that had been invalidated for longer than may be. */
    STALE_VALUE,
    /** Something was done under an older token of a lease after it was done under a newer one. */
    UNFENCED,
    /** The record itself is wrong: an answer to a send that never began. The test is broken, not the system. */
    UNEXPLAINED
}
