package dev.tutti.postgres;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Periodic;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.session.AttributeStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attributes of sessions in PostgreSQL, a row for each session, by the server's clock. A read puts the end off when a tenth of the
 * time is over, so that most reads write nothing. Rows that have run out are dropped once a minute. Safe for use by many threads;
 * blocks.
 */
final class PostgresAttributeStore implements AttributeStore, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresAttributeStore.class);
    private static final Sql READ = Sql.resource(PostgresAttributeStore.class, "session/read");
    private static final Sql CHANGE = Sql.resource(PostgresAttributeStore.class, "session/change");
    private static final Sql REPLACE = Sql.resource(PostgresAttributeStore.class, "session/replace");
    private static final Sql REMOVE = Sql.resource(PostgresAttributeStore.class, "session/remove");
    private static final Sql SWEEP = Sql.resource(PostgresAttributeStore.class, "session/sweep");
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    private final ConnectionLender connections;
    private final Periodic sweeping;

    /** Over {@code database}, whose schema is up to date. */
    PostgresAttributeStore(DataSource database) {
        this(database, TIMEOUT);
    }

    /** The same; a statement may take {@code timeout}, at least a second. */
    PostgresAttributeStore(DataSource database, Duration timeout) {
        this.connections = new ConnectionLender(database, timeout);
        this.sweeping = new Periodic("tutti-session-sweep", SWEEP_EVERY, this::sweep);
    }

    @Override
    public Map<String, byte[]> read(Key session, Duration ttl) {
        Map<String, Object> values = values(session, Map.of("ttl", ttl.toMillis()));
        return connections.run(connection -> {
            Map<String, byte[]> attributes = new HashMap<>();
            // The values are right though no standby may have the end that was put off, or the name that they were
            // moved to.
            try (PreparedStatement statement = READ.prepare(connection, values);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    attributes.put(rows.getString("name"), rows.getBytes("value"));
                }
            }
            return attributes;
        });
    }

    @Override
    public boolean change(Key session, Map<String, byte[]> set, Set<String> removed, int mostBytes, Duration ttl) {
        List<String> names = List.copyOf(set.keySet());
        Map<String, Object> values = values(
                session,
                Map.of(
                        "keys", names.toArray(String[]::new),
                        "contents", names.stream().map(set::get).toArray(byte[][]::new),
                        "removed", removed.toArray(String[]::new),
                        "most", MAX_NAMES,
                        "most_bytes", mostBytes,
                        "ttl", ttl.toMillis()));
        return connections
                .run(connection -> CHANGE.first(connection, row -> row.getBoolean(1), values))
                .orElse(false);
    }

    @Override
    public void replace(Key session, Map<String, byte[]> known, Map<String, byte[]> values) {
        List<String> names = List.copyOf(values.keySet());
        Map<String, Object> replaced = Map.of(
                "keys", names.toArray(String[]::new),
                "known", names.stream().map(known::get).toArray(byte[][]::new),
                "contents", names.stream().map(values::get).toArray(byte[][]::new));
        Map<String, Object> all = values(session, replaced);
        boolean done = connections
                .run(connection -> REPLACE.first(connection, _ -> true, all))
                .isPresent();
        assert done;
    }

    @Override
    public void remove(Key session) {
        Map<String, Object> values = values(session, Map.of());
        int removed = connections.run(connection -> REMOVE.update(connection, values));
        log.debug("Attributes are removed under {} names of a session", removed);
    }

    private void sweep() {
        try {
            int swept = connections.run(connection -> SWEEP.update(connection));
            log.debug("Attributes of {} sessions have run out", swept);
        } catch (TuttiException away) {
            log.debug("Attributes of sessions that have run out are dropped later", away);
        }
    }

    private static Map<String, Object> values(Key session, Map<String, Object> others) {
        Map<String, Object> values = new HashMap<>(others);
        values.put("part", session.part());
        values.put("names", session.names().toArray(String[]::new));
        return values;
    }

    @Override
    public void close() {
        sweeping.close();
    }
}
