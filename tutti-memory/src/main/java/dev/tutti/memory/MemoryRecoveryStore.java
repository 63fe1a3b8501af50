package dev.tutti.memory;

import dev.tutti.recovery.Continuation;
import dev.tutti.recovery.RecoveryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Continuations of connections whose instances live in one process. Safe for use by many threads. */
public final class MemoryRecoveryStore implements RecoveryStore {
    private record Row(Continuation kept, @Nullable Instant lost) {
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
    public synchronized void add(Continuation continuation) {
        rows.put(continuation.key(), new Row(continuation, null));
    }

    @Override
    public synchronized boolean save(Continuation continuation) {
        boolean owned = isOwned(continuation);
        if (owned) {
            rows.computeIfPresent(continuation.key(), (_, row) -> new Row(continuation, row.lost()));
        }
        return owned;
    }

    @Override
    public synchronized Optional<Continuation> take(String key, UUID owner, Duration window) {
        @Nullable Row row = rows.get(key);
        if (row == null || row.isLostSince(clock.instant().minus(window))) {
            return Optional.empty();
        }
        Continuation taken =
                new Continuation(key, owner, row.kept().claim() + 1, row.kept().state());
        rows.put(key, new Row(taken, null));
        return Optional.of(taken);
    }

    @Override
    public synchronized void lost(Collection<Continuation> continuations) {
        continuations.stream().filter(this::isOwned).forEach(each -> lose(rows.get(each.key())));
    }

    @Override
    public synchronized void forget(Continuation continuation) {
        if (isOwned(continuation)) {
            rows.remove(continuation.key());
        }
    }

    @Override
    public synchronized void move(UUID before, UUID now) {
        rows.replaceAll((key, row) -> {
            Continuation kept = row.kept();
            return kept.owner().equals(before)
                    ? new Row(new Continuation(key, now, kept.claim(), kept.state()), null)
                    : row;
        });
    }

    @Override
    public synchronized void tidy(Collection<UUID> alive, Duration window) {
        Instant since = clock.instant().minus(window);
        Predicate<Row> orphaned =
                row -> row.lost() == null && !alive.contains(row.kept().owner());
        rows.values().stream().filter(orphaned).toList().forEach(this::lose);
        rows.values().removeIf(row -> row.isLostSince(since));
    }

    private void lose(@Nullable Row row) {
        if (row != null) {
            rows.put(row.kept().key(), new Row(row.kept(), clock.instant()));
        }
    }

    private boolean isOwned(Continuation continuation) {
        @Nullable Row row = rows.get(continuation.key());
        return row != null && row.kept().claim() == continuation.claim();
    }
}
