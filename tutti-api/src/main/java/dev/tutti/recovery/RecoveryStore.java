package dev.tutti.recovery;

import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps {@link SavedConnection}s while their connections live, and for a while longer. It may forget any of them
 * at any time; that one cannot be continued then. Each is answered as it was written last.
 *
 * <p>Safe for use by many threads; blocks. Everything throws a {@link TuttiException} with {@link
 * dev.tutti.ErrorCode#UNAVAILABLE} if the store cannot be reached.
 */
public interface RecoveryStore {
    /** Adds one whose key is new. */
    void add(SavedConnection connection);

    /** Changes one's state; false if another instance has taken it over, or if it was forgotten. */
    boolean save(SavedConnection connection);

    /** Gives one to {@code owner}, with the next claim; empty if it is not kept, or was lost longer than {@code window} ago. */
    Optional<SavedConnection> take(String key, UUID owner, Duration window);

    /** Notes that connections are lost, unless another instance has taken them over. */
    void lost(Collection<SavedConnection> connections);

    /** Forgets one, unless another instance has taken it over. */
    void forget(SavedConnection connection);

    /**
     * Notes that the connections of everybody but {@code self} and {@code others} are lost, takes that back for those of
     * {@code self}, of which it was noted while others took it for dead, and forgets those that were lost longer than {@code
     * window} ago.
     */
    void tidy(UUID self, Collection<UUID> others, Duration window);
}
