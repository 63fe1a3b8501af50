package dev.tutti.socket;

import java.util.Collection;

/**
 * Tells which logins have ended, so that their connections can be closed. Called when a connection begins, and then every few
 * seconds for the logins of all open connections. Called on a thread that may block.
 */
@FunctionalInterface
public interface SessionCheck {
    /**
     * The elements of {@code sessions} that have ended. Look them up where sessions are stored, not in a cache.
     *
     * @param sessions the {@link Principal#session} of connected clients, at most 5,000
     */
    Collection<String> ended(Collection<String> sessions);
}
