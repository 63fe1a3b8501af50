package dev.tutti.core.recovery;

import dev.tutti.recovery.RecoveryStore;
import dev.tutti.recovery.SavedConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** A store of lost connections that keeps none. */
public final class NoRecovery implements RecoveryStore {
    /** Nothing. */
    public NoRecovery() {}

    @Override
    public void add(SavedConnection connection) {}

    @Override
    public boolean save(SavedConnection connection) {
        return false;
    }

    @Override
    public Optional<SavedConnection> take(String key, UUID owner, Duration window) {
        return Optional.empty();
    }

    @Override
    public void lost(Collection<SavedConnection> connections) {}

    @Override
    public void forget(SavedConnection connection) {}

    @Override
    public void tidy(UUID self, Collection<UUID> others, Duration window) {}
}
