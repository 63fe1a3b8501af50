package dev.tutti.bus;

/** The ability of a {@link Bus} to open new connections when its old ones look healthy but carry nothing. */
public interface Reconnecting {
    /** Replaces the connections soon, if there are any; the listener is told of the gap. Never blocks. */
    void reconnect();
}
