package dev.tutti.socket;

import java.util.Collection;

/**
 * Tells which logins have ended, so that their connections can be cut. Asked at a connection's beginning and every few
 * seconds after it about all that are open. Called on a thread that may block.
 */
@FunctionalInterface
public interface SessionCheck {
    /**
     * Those of {@code sessions} that are no longer good, as the place says in which they are kept: not from a cache.
     *
     * @param sessions the {@link Principal#session} of connected clients, at most 5,000
     */
    Collection<String> ended(Collection<String> sessions);
}
