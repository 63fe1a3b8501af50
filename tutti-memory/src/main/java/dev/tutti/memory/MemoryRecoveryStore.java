package dev.tutti.memory;

import dev.tutti.recovery.RecoveryStore;
import dev.tutti.recovery.SavedConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Saved connections whose instances live in one process. Safe for use by many threads. */
public final class MemoryRecoveryStore implements RecoveryStore {
    /** {@code orphaned} if it was not its owner who lost it. */
    private record Row(SavedConnection kept, @Nullable Instant lost, boolean orphaned) {
        boolean isLostSince(Instant moment) {
            return lost != null && lost.isBefore(moment);
        }
    }

    private final Clock clock;
    private final Map<String, Row> rows = new HashMap<>();

    /** One that keeps nothing yet, by {@code clock}. */
    public MemoryRecoveryStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void add(SavedConnection connection) {
        rows.put(connection.key(), new Row(connection, null, false));
    }

    @Override
    public synchronized boolean save(SavedConnection connection) {
        boolean owned = isOwned(connection);
        if (owned) {
            rows.computeIfPresent(connection.key(), (_, row) -> new Row(connection, row.lost(), row.orphaned()));
        }
        return owned;
    }

    @Override
    public synchronized Optional<SavedConnection> take(String key, UUID owner, Duration window) {
        @Nullable Row row = rows.get(key);
        if (row == null || row.isLostSince(clock.instant().minus(window))) {
            return Optional.empty();
        }
        SavedConnection taken = new SavedConnection(
                key, owner, row.kept().claim() + 1, row.kept().state());
        rows.put(key, new Row(taken, null, false));
        return Optional.of(taken);
    }

    @Override
    public synchronized void lost(Collection<SavedConnection> connections) {
        connections.stream().filter(this::isOwned).forEach(each -> lose(rows.get(each.key())));
    }

    @Override
    public synchronized void forget(SavedConnection connection) {
        if (isOwned(connection)) {
            rows.remove(connection.key());
        }
    }

    @Override
    public synchronized void tidy(UUID self, Collection<UUID> others, Duration window) {
        Instant now = clock.instant();
        rows.replaceAll((_, row) -> {
            UUID owner = row.kept().owner();
            if (owner.equals(self)) {
                return row.orphaned() ? new Row(row.kept(), null, false) : row;
            }
            return row.lost() == null && !others.contains(owner) ? new Row(row.kept(), now, true) : row;
        });
        rows.values().removeIf(row -> row.isLostSince(now.minus(window)));
    }

    private void lose(@Nullable Row row) {
        if (row != null) {
            rows.put(row.kept().key(), new Row(row.kept(), clock.instant(), false));
        }
    }

    private boolean isOwned(SavedConnection connection) {
        @Nullable Row row = rows.get(connection.key());
        return row != null && row.kept().claim() == connection.claim();
    }
}
