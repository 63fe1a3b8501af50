package dev.tutti.recovery;

import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores {@link SavedConnection}s while their connections live, and for a while longer. It may forget any of them at any time; then this
 * connection cannot be continued. It returns each as it was last written.
 *
 * <p>Safe for use by many threads; blocks. All methods throw a {@link TuttiException} with {@link dev.tutti.ErrorCode#UNAVAILABLE} if the
 * store cannot be reached.
 */
public interface RecoveryStore {
    /** Adds a connection with a new key. */
    void add(SavedConnection connection);

    /** Changes the state of a connection; false if another instance has taken it over, or if it was forgotten. */
    boolean save(SavedConnection connection);

    /** Gives a connection to {@code owner}, with the next claim; empty if it is not stored, or was lost longer than {@code window} ago. */
    Optional<SavedConnection> take(String key, UUID owner, Duration window);

    /** Marks connections as lost, unless another instance has taken them over. */
    void lost(Collection<SavedConnection> connections);

    /** Removes a connection, unless another instance has taken it over. */
    void forget(SavedConnection connection);

    /**
     * Marks the connections of all processes other than {@code self} and {@code others} as lost. Removes this mark from the connections of
     * {@code self}, which may have got it while {@code self} counted as dead. Removes connections that were lost longer than {@code window}
     * ago.
     */
    void tidy(UUID self, Collection<UUID> others, Duration window);
}
