package dev.tutti.edge.flow;

/** A connection among those of its login, until it is closed, which is idempotent. Safe for use by many threads. */
public interface LiveConnection extends Handle {
    /** Ends this as {@link #close} does, but nobody is told that the login has gone: its connection goes on as one of another. */
    void renewed();
}
