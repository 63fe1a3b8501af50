package dev.tutti.postgres;

import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.NetworkBound;
import dev.tutti.postgres.sql.PostgresFailure;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Lends connections for pieces of work, and says what their failures mean. A connection whose other end vanished is given up when it
 * is silent for longer than the work may take, see {@link NetworkBound}. Safe for use by many threads.
 */
final class ConnectionLender {
    /** Something to be done on a connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private static final int LONGEST_SECONDS = 86_400;
    private static final Duration PROMPT = Duration.ofSeconds(5);

    private final DataSource database;
    private final Map<Sql, Database> prompt = new ConcurrentHashMap<>(); // a handful
    private final int timeoutSeconds;

    /** Those of {@code database}; a statement may take {@code timeout}, at least a second. */
    ConnectionLender(DataSource database, Duration timeout) {
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("statement timeout " + timeout + "; allowed are PT1S and more");
        }
        this.database = database;
        this.timeoutSeconds = (int) Math.min(timeout.toSeconds(), LONGEST_SECONDS);
    }

    /** How long a statement may take. */
    int timeoutSeconds() {
        return timeoutSeconds;
    }

    /**
     * Does {@code work} on a connection that commits by itself. Blocks.
     *
     * @throws TuttiException as of {@link PostgresFailure}
     */
    <T> T run(Work<T> work) {
        try (Connection connection = database.getConnection()) {
            NetworkBound.narrow(connection, Duration.ofSeconds(timeoutSeconds));
            return work.run(connection);
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }

    /**
     * As {@link #run}, for {@code statement}, for which others wait: it may take some seconds, and longer only after it has been ended
     * for taking longer, see {@link Database#within(Duration, Duration)}. So a connection that vanished holds them up for seconds. Blocks.
     *
     * @throws TuttiException as of {@link PostgresFailure}
     */
    <T> T promptly(Sql statement, Work<T> work) {
        return prompt.computeIfAbsent(statement, _ -> patient()).statement(work::run);
    }

    private Database patient() {
        Duration most = Duration.ofSeconds(timeoutSeconds);
        return new Database(database).within(most.compareTo(PROMPT) < 0 ? most : PROMPT, most);
    }
}
