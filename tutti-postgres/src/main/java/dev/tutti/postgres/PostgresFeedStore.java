package dev.tutti.postgres;

import dev.tutti.ListenerRegistration;
import dev.tutti.OpenTransaction;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.feed.TransactionalFeedStore;
import dev.tutti.postgres.sql.PostgresFailure;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * Feeds in PostgreSQL. Each publication is notified on {@value #CHANNEL} by the transaction that makes it, in plain JSON, so that
 * any program can listen, and notify. Safe for use by many threads; blocks.
 */
public final class PostgresFeedStore implements TransactionalFeedStore {
    /** The channel on which is told what is published. */
    public static final String CHANNEL = "app_events";

    private static final Sql PUT = Sql.resource(PostgresFeedStore.class, "feed/put");
    private static final Sql PUT_ALONE = Sql.resource(PostgresFeedStore.class, "feed/put_alone");
    private static final Sql NEWER = Sql.resource(PostgresFeedStore.class, "feed/newer");

    private final ConnectionLender connections;
    private final ControlConnection control;
    private final Sql timedPut;

    /**
     * In {@code database}, whose schema is up to date; {@code control} hears what is published.
     *
     * @param timeout how long a statement may take, at least a second
     */
    public PostgresFeedStore(DataSource database, ControlConnection control, Duration timeout) {
        this.connections = new ConnectionLender(database, timeout);
        this.control = control;
        this.timedPut = PUT.within(connections.timeoutSeconds());
    }

    @Override
    public FeedUpdate put(FeedState state, String instance) {
        return connections.run(connection -> update(PUT_ALONE, connection, state, instance));
    }

    @Override
    public FeedUpdate put(Connection transaction, FeedState state, String instance) {
        try {
            OpenTransaction.require(transaction);
            return update(timedPut, transaction, state, instance);
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }

    private static FeedUpdate update(Sql put, Connection connection, FeedState state, String instance)
            throws SQLException {
        Map<String, Object> values = Map.of(
                "key", state.key().value(),
                "version", state.version(),
                "value", state.value().map(Json::bytes).orElse(new byte[0]),
                "instance", instance);
        return put.first(connection, PostgresFeedStore::updated, values).orElseThrow();
    }

    private static FeedUpdate updated(ResultSet row) throws SQLException {
        return row.getBoolean("accepted") ? new FeedUpdate.Accepted() : new FeedUpdate.Stale(row.getLong("held"));
    }

    @Override
    public List<FeedState> newer(Map<FeedKey, Long> known) {
        if (known.isEmpty()) {
            return List.of();
        }
        List<Map.Entry<FeedKey, Long>> entries = List.copyOf(known.entrySet());
        Map<String, Object> values = Map.of(
                "keys", entries.stream().map(each -> each.getKey().value()).toArray(String[]::new),
                "versions",
                        entries.stream().map(each -> each.getValue().toString()).toArray(String[]::new),
                "most_bytes", (long) MAX_ANSWER);
        return connections.promptly(NEWER, connection -> NEWER.list(connection, PostgresFeedStore::state, values));
    }

    private static FeedState state(ResultSet row) throws SQLException {
        return new FeedState(
                new FeedKey(row.getString("key")),
                row.getLong("version"),
                Optional.ofNullable(row.getBytes("value")).map(Json::of));
    }

    @Override
    public ListenerRegistration listen(Listener listener) {
        control.listen(CHANNEL, listener::announced, listener::gap);
        AtomicBoolean listening = new AtomicBoolean(true);
        return () -> {
            if (listening.getAndSet(false)) {
                control.unlisten(CHANNEL);
            }
        };
    }
}
