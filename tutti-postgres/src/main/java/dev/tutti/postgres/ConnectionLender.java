package dev.tutti.postgres;

import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.PostgresFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;

/** Lends connections for pieces of work, and says what their failures mean. Safe for use by many threads. */
final class ConnectionLender {
    /** Something to be done on a connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private static final int LONGEST_SECONDS = 86_400;

    private final DataSource database;
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
            return work.run(connection);
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }

    /** Changes rows by {@code sql} with {@code values}, and answers how many. Blocks, and throws, as {@link #run} does. */
    int update(SqlResource sql, Map<String, Object> values) {
        return run(connection -> {
            try (PreparedStatement statement = sql.prepare(connection, timeoutSeconds, values)) {
                return statement.executeUpdate();
            }
        });
    }
}
