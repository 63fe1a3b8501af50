package dev.tutti.postgres;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The sessions of a pool's connections, from their opening until the server has ended them. The session of a connection that vanished goes
 * on at the server after it was closed here: it counts as one of those that there may be, and is ended before another one is opened in its
 * place. Those behind a pooler are the pooler's, which knows them by other numbers; they count as ended.
 *
 * <p>Safe for use by many threads. Asks the server, over the control connection, only when a connection was closed since it was asked last.
 */
final class OpenedSessions {
    private static final Sql END = Sql.resource(OpenedSessions.class, "member/end_sessions");

    private final ControlConnection control;
    private final String name;
    private final IntSupplier most;
    private final Map<Long, Connection> opened =
            new HashMap<>(); // by the server's process; as many as there may be; guarded by this

    /** None yet; {@code name} is what the connections' sessions are called, of which there may be {@code most}. */
    OpenedSessions(ControlConnection control, String name, IntSupplier most) {
        this.control = control;
        this.name = name;
        this.most = most;
    }

    /** Counts the session of {@code connection}, which was just opened. */
    synchronized void opened(Connection connection) throws SQLException {
        opened.put((long) connection.unwrap(PGConnection.class).getBackendPID(), connection);
    }

    /**
     * Ends the sessions whose connections were closed. Waits for the control connection, for some seconds at most.
     *
     * @throws SQLException if the server cannot be asked; then they count on
     */
    void endClosed() throws SQLException {
        Set<Long> closed = closed();
        if (closed.isEmpty()) {
            return;
        }
        List<Long> left = control.runFirst(connection -> end(connection, name, closed));
        left.forEach(closed::remove);
        forget(closed);
    }

    /** Ends those of the sessions {@code closed} that are called {@code name}, over {@code connection}; answers which it had to end. */
    static List<Long> end(Connection connection, String name, Set<Long> closed) throws SQLException {
        return END.list(connection, row -> row.getLong("pid"), Map.of("closed", closed, "sessions", name));
    }

    /**
     * Makes sure that there may be one more session, after {@link #endClosed}.
     *
     * @throws SQLException if not, yet
     */
    void requireRoom() throws SQLException {
        endClosed();
        int allowed = most.getAsInt();
        int counted = count();
        if (counted >= allowed) {
            throw new SQLTransientConnectionException(
                    "the server has not ended the sessions of all connections that were closed: it has " + counted
                            + ", of which there may be " + allowed,
                    "08001");
        }
    }

    private synchronized int count() {
        return opened.size();
    }

    private synchronized Set<Long> closed() throws SQLException {
        Set<Long> closed = new HashSet<>();
        for (Map.Entry<Long, Connection> each : opened.entrySet()) {
            if (each.getValue().isClosed()) {
                closed.add(each.getKey());
            }
        }
        return closed;
    }

    /** Those that the server has ended, unless it has given their number to one that was opened meanwhile. */
    private synchronized void forget(Set<Long> ended) throws SQLException {
        for (Long each : ended) {
            @Nullable Connection known = opened.get(each);
            if (known != null && known.isClosed()) {
                opened.remove(each);
            }
        }
    }
}
