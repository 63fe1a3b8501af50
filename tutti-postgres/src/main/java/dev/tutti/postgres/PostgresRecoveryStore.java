package dev.tutti.postgres;

import dev.tutti.recovery.Continuation;
import dev.tutti.recovery.RecoveryStore;
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
    private static final Sql ADD = Sql.of("recovery/add");
    private static final Sql SAVE = Sql.of("recovery/save");
    private static final Sql TAKE = Sql.of("recovery/take");
    private static final Sql LOST = Sql.of("recovery/lost");
    private static final Sql FORGET = Sql.of("recovery/forget");
    private static final Sql RECLAIM = Sql.of("recovery/reclaim");
    private static final Sql ORPHAN = Sql.of("recovery/orphan");
    private static final Sql EXPIRE = Sql.of("recovery/expire");

    private final Connections connections;

    /**
     * Over {@code database}, whose schema is up to date.
     *
     * @param timeout how long a statement may take, at least a second
     */
    public PostgresRecoveryStore(DataSource database, Duration timeout) {
        this.connections = new Connections(database, timeout);
    }

    @Override
    public void add(Continuation continuation) {
        update(ADD, values(continuation));
    }

    @Override
    public boolean save(Continuation continuation) {
        return update(SAVE, values(continuation)) == 1;
    }

    @Override
    public Optional<Continuation> take(String key, UUID owner, Duration window) {
        Map<String, Object> values = Map.of("key", key, "owner", owner, "window", seconds(window));
        return connections.run(connection -> {
            try (PreparedStatement statement = TAKE.prepare(connection, connections.timeoutSeconds(), values);
                    ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(
                                new Continuation(key, owner, rows.getLong("claim"), Json.of(rows.getBytes("state"))))
                        : Optional.empty();
            }
        });
    }

    @Override
    public void lost(Collection<Continuation> continuations) {
        update(
                LOST,
                Map.of(
                        "keys", texts(continuations, Continuation::key),
                        "claims", texts(continuations, each -> Long.toString(each.claim()))));
    }

    @Override
    public void forget(Continuation continuation) {
        update(FORGET, values(continuation));
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

    private static Map<String, Object> values(Continuation continuation) {
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

    private int update(Sql sql, Map<String, Object> values) {
        return connections.run(connection -> {
            try (PreparedStatement statement = sql.prepare(connection, connections.timeoutSeconds(), values)) {
                return statement.executeUpdate();
            }
        });
    }
}
