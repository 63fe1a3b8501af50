package dev.tutti.postgres;

import dev.tutti.recovery.RecoveryStore;
import dev.tutti.recovery.SavedConnection;
import dev.tutti.stream.Json;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Continuations in PostgreSQL, by the server's clock. They survive everything but a crash of the server. Safe for use by
 * many threads; blocks.
 */
public final class PostgresRecoveryStore implements RecoveryStore {
    private static final Logger log = LoggerFactory.getLogger(PostgresRecoveryStore.class);
    private static final SqlResource ADD = SqlResource.of("recovery/add");
    private static final SqlResource SAVE = SqlResource.of("recovery/save");
    private static final SqlResource TAKE = SqlResource.of("recovery/take");
    private static final SqlResource LOST = SqlResource.of("recovery/lost");
    private static final SqlResource FORGET = SqlResource.of("recovery/forget");
    private static final SqlResource RECLAIM = SqlResource.of("recovery/reclaim");
    private static final SqlResource ORPHAN = SqlResource.of("recovery/orphan");
    private static final SqlResource EXPIRE = SqlResource.of("recovery/expire");

    private final ConnectionLender connections;

    /**
     * Over {@code database}, whose schema is up to date.
     *
     * @param timeout how long a statement may take, at least a second
     */
    public PostgresRecoveryStore(DataSource database, Duration timeout) {
        this.connections = new ConnectionLender(database, timeout);
    }

    @Override
    public void add(SavedConnection continuation) {
        connections.update(ADD, values(continuation));
    }

    @Override
    public boolean save(SavedConnection continuation) {
        return connections.update(SAVE, values(continuation)) == 1;
    }

    @Override
    public Optional<SavedConnection> take(String key, UUID owner, Duration window) {
        Map<String, Object> values = Map.of("key", key, "owner", owner, "window", seconds(window));
        return connections.run(connection -> {
            try (PreparedStatement statement = TAKE.prepare(connection, connections.timeoutSeconds(), values);
                    ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(
                                new SavedConnection(key, owner, rows.getLong("claim"), Json.of(rows.getBytes("state"))))
                        : Optional.empty();
            }
        });
    }

    @Override
    public void lost(Collection<SavedConnection> continuations) {
        connections.update(
                LOST,
                Map.of(
                        "keys", texts(continuations, SavedConnection::key),
                        "claims", texts(continuations, each -> Long.toString(each.claim()))));
    }

    @Override
    public void forget(SavedConnection continuation) {
        connections.update(FORGET, values(continuation));
    }

    @Override
    public void tidy(UUID self, Collection<UUID> others, Duration window) {
        List<UUID> alive = new ArrayList<>(others);
        alive.add(self);
        int reclaimed = connections.update(RECLAIM, Map.of("self", self));
        int orphaned = connections.update(ORPHAN, Map.of("alive", texts(alive, UUID::toString)));
        int expired = connections.update(EXPIRE, Map.of("window", seconds(window)));
        log.debug("{} connections were reclaimed, {} orphaned, {} are forgotten", reclaimed, orphaned, expired);
    }

    private static Map<String, Object> values(SavedConnection continuation) {
        return Map.of(
                "key", continuation.key(),
                "owner", continuation.owner(),
                "claim", continuation.claim(),
                "state", continuation.state().bytes());
    }

    private static <T> String[] texts(Collection<T> values, Function<T, String> text) {
        return values.stream().map(text).toArray(String[]::new);
    }

    private static double seconds(Duration window) {
        return window.toMillis() / 1_000.0;
    }
}
