package dev.tutti.core.recovery;

import dev.tutti.recovery.Continuation;
import dev.tutti.recovery.RecoveryStore;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** Keeps nothing. */
public final class NoRecovery implements RecoveryStore {
    /** Nothing. */
    public NoRecovery() {}

    @Override
    public void add(Continuation continuation) {}

    @Override
    public boolean save(Continuation continuation) {
        return false;
    }

    @Override
    public Optional<Continuation> take(String key, UUID owner, Duration window) {
        return Optional.empty();
    }

    @Override
    public void lost(Collection<Continuation> continuations) {}

    @Override
    public void forget(Continuation continuation) {}

    @Override
    public void tidy(UUID self, Collection<UUID> others, Duration window) {}
}
