package dev.tutti.bus;

/** The ability of a {@link Bus} to begin anew with fresh connections, when its old ones look sound and carry nothing. */
public interface Reconnecting {
    /** Does so, soon, if it has connections at all; the listener is told of the gap. Never blocks. */
    void reconnect();
}
