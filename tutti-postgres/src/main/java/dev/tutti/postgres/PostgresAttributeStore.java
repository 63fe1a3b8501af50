package dev.tutti.postgres;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Periodic;
import dev.tutti.session.AttributeStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attributes of sessions in PostgreSQL, a row for each session, by the server's clock. A read puts the end off when a tenth of the time
 * is over, so that most reads write nothing. What has run out is dropped once a minute. Safe for use by many threads; blocks.
 */
final class PostgresAttributeStore implements AttributeStore, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresAttributeStore.class);
    private static final SqlResource READ = SqlResource.of("session/read");
    private static final SqlResource CHANGE = SqlResource.of("session/change");
    private static final SqlResource REPLACE = SqlResource.of("session/replace");
    private static final SqlResource REMOVE = SqlResource.of("session/remove");
    private static final SqlResource SWEEP = SqlResource.of("session/sweep");
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    private final ConnectionLender connections;
    private final Periodic sweeping;

    /** Over {@code database}, whose schema is up to date. */
    PostgresAttributeStore(DataSource database) {
        this.connections = new ConnectionLender(database, TIMEOUT);
        this.sweeping = new Periodic("tutti-session-sweep", SWEEP_EVERY, this::sweep);
    }

    @Override
    public Map<String, byte[]> read(Key session, Duration ttl) {
        return query(READ, values(session, Map.of("ttl", ttl.toMillis())), rows -> {
            Map<String, byte[]> attributes = new HashMap<>();
            while (rows.next()) {
                attributes.put(rows.getString("name"), rows.getBytes("value"));
            }
            return attributes;
        });
    }

    @Override
    public boolean change(Key session, Map<String, byte[]> set, Set<String> removed, int mostBytes, Duration ttl) {
        List<String> names = List.copyOf(set.keySet());
        Map<String, Object> change = Map.of(
                "keys", names.toArray(String[]::new),
                "contents", names.stream().map(set::get).toArray(byte[][]::new),
                "removed", removed.toArray(String[]::new),
                "most", MAX_NAMES,
                "most_bytes", mostBytes,
                "ttl", ttl.toMillis());
        return query(CHANGE, values(session, change), rows -> rows.next() && rows.getBoolean(1));
    }

    @Override
    public void replace(Key session, Map<String, byte[]> known, Map<String, byte[]> values) {
        List<String> names = List.copyOf(values.keySet());
        Map<String, Object> replaced = Map.of(
                "keys", names.toArray(String[]::new),
                "known", names.stream().map(known::get).toArray(byte[][]::new),
                "contents", names.stream().map(values::get).toArray(byte[][]::new));
        boolean done = query(REPLACE, values(session, replaced), ResultSet::next);
        assert done;
    }

    @Override
    public void remove(Key session) {
        int removed = connections.update(REMOVE, values(session, Map.of()));
        log.debug("Attributes are removed under {} names of a session", removed);
    }

    private void sweep() {
        try {
            int swept = connections.update(SWEEP, Map.of());
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

    /** Makes something of the rows of an answer. */
    @FunctionalInterface
    private interface Rows<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> T query(SqlResource sql, Map<String, Object> values, Rows<T> rows) {
        return connections.run(connection -> {
            try (PreparedStatement statement = sql.prepare(connection, connections.timeoutSeconds(), values);
                    ResultSet found = statement.executeQuery()) {
                return rows.read(found);
            }
        });
    }

    @Override
    public void close() {
        sweeping.close();
    }
}
