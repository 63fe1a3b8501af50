package dev.tutti.postgres;

import dev.tutti.postgres.sql.Sql;
import dev.tutti.recovery.RecoveryStore;
import dev.tutti.recovery.SavedConnection;
import dev.tutti.stream.Json;
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
 * Saved connections in PostgreSQL, by the server's clock. They survive everything but a crash of the server. Safe for use by
 * many threads; blocks.
 */
public final class PostgresRecoveryStore implements RecoveryStore {
    private static final Logger log = LoggerFactory.getLogger(PostgresRecoveryStore.class);
    private static final Sql ADD = Sql.resource(PostgresRecoveryStore.class, "recovery/add");
    private static final Sql SAVE = Sql.resource(PostgresRecoveryStore.class, "recovery/save");
    private static final Sql TAKE = Sql.resource(PostgresRecoveryStore.class, "recovery/take");
    private static final Sql LOST = Sql.resource(PostgresRecoveryStore.class, "recovery/lost");
    private static final Sql FORGET = Sql.resource(PostgresRecoveryStore.class, "recovery/forget");
    private static final Sql RECLAIM = Sql.resource(PostgresRecoveryStore.class, "recovery/reclaim");
    private static final Sql ORPHAN = Sql.resource(PostgresRecoveryStore.class, "recovery/orphan");
    private static final Sql EXPIRE = Sql.resource(PostgresRecoveryStore.class, "recovery/expire");

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
    public void add(SavedConnection connection) {
        update(ADD, values(connection));
    }

    @Override
    public boolean save(SavedConnection connection) {
        return update(SAVE, values(connection)) == 1;
    }

    @Override
    public Optional<SavedConnection> take(String key, UUID owner, Duration window) {
        Map<String, Object> values = Map.of("key", key, "owner", owner, "window", seconds(window));
        return connections.run(connection -> TAKE.first(
                connection,
                row -> new SavedConnection(key, owner, row.getLong("claim"), Json.of(row.getBytes("state"))),
                values));
    }

    @Override
    public void lost(Collection<SavedConnection> saved) {
        update(
                LOST,
                Map.of(
                        "keys", texts(saved, SavedConnection::key),
                        "claims", texts(saved, each -> Long.toString(each.claim()))));
    }

    @Override
    public void forget(SavedConnection connection) {
        update(FORGET, values(connection));
    }

    @Override
    public void tidy(UUID self, Collection<UUID> others, Duration window) {
        List<UUID> alive = new ArrayList<>(others);
        alive.add(self);
        int reclaimed = update(RECLAIM, Map.of("self", self));
        int orphaned = update(ORPHAN, Map.of("alive", texts(alive, UUID::toString)));
        int expired = update(EXPIRE, Map.of("window", seconds(window)));
        log.debug("{} connections were reclaimed, {} orphaned, {} are forgotten", reclaimed, orphaned, expired);
    }

    private int update(Sql sql, Map<String, Object> values) {
        return connections.run(connection -> sql.update(connection, values));
    }

    private static Map<String, Object> values(SavedConnection connection) {
        return Map.of(
                "key", connection.key(),
                "owner", connection.owner(),
                "claim", connection.claim(),
                "state", connection.state().bytes());
    }

    private static <T> String[] texts(Collection<T> values, Function<T, String> text) {
        return values.stream().map(text).toArray(String[]::new);
    }

    private static double seconds(Duration window) {
        return window.toMillis() / 1_000.0;
    }
}
