package dev.tutti.bench.subject;

/** The destinations of the messages that are measured. */
public enum Destination {
    /** To the sockets in the Socket.IO room {@code bench}. */
    ROOM,
    /** To the stream {@code room:bench}. */
    STREAM,
    /** To the same stream, by {@code select tutti.publish(...)}. */
    STREAM_BY_SQL,
    /** To the feed {@code feed:bench}, which is durable. */
    FEED,
    /** To the feed {@code volatile:bench}, which is in memory. */
    VOLATILE_FEED;

    /** Whether a message may be left out when a newer one follows. */
    public boolean conflates() {
        return this == FEED || this == VOLATILE_FEED;
    }

    /** The option of {@link TargetCommand} that says so. */
    public String option() {
        return "--to=" + name();
    }
}
