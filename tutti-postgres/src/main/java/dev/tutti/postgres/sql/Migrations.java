package dev.tutti.postgres.sql;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Backoff;
import dev.tutti.concurrent.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings tables in the schema {@code tutti} up to date while others use them. One connection is all it takes. A change that needs a
 * lock which a transaction holds waits for it {@value #LOCK_MILLIS} ms at a time, because statements that come later queue behind
 * it, and tries again for two minutes.
 */
public final class Migrations {
    private static final Logger log = LoggerFactory.getLogger(Migrations.class);
    private static final int LOCK_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PATIENCE_WITH_OTHERS = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(1_500);
    private static final Backoff BACKOFF = new Backoff(PAUSE, PAUSE); // which does not grow
    private static final String LOCKED = "55P03";
    private static final String RESET = "reset lock_timeout";

    private final DataSource database;
    private final ClassLoader resources;
    private final List<String> locations;
    private final String history;

    /**
     * The migrations in the folders {@code locations} of {@code resources}, which are noted in the table {@code history}. Several
     * instances may run them at once: one does it, the others wait for it, ten minutes at most.
     */
    public Migrations(DataSource database, ClassLoader resources, List<String> locations, String history) {
        this.database = database;
        this.resources = resources;
        this.locations = List.copyOf(locations);
        this.history = history;
    }

    /**
     * Runs those that are missing. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if one fails or finds its tables locked for too long
     */
    public void run() {
        try (Connection connection = database.getConnection()) {
            execute(connection, "set lock_timeout = " + LOCK_MILLIS);
            try {
                run(connection);
            } catch (Throwable failure) {
                resetAfter(failure, connection);
                throw failure;
            }
            execute(connection, RESET);
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }

    private void run(Connection connection) {
        Deadline end = Deadline.in(PATIENCE);
        boolean told = false;
        while (true) {
            try {
                migrate(connection);
                return;
            } catch (FlywayException failure) {
                if (!isLocked(failure) || end.isOver() || !pause()) {
                    throw new TuttiException(
                            ErrorCode.UNAVAILABLE,
                            "the database's schema could not be brought up to date: " + failure.getMessage()
                                    + (isLocked(failure) ? "; end the transaction that holds the lock" : ""),
                            failure);
                }
                if (!told) {
                    told = true;
                    log.warn("A transaction holds a lock that a migration needs; trying again for {}", PATIENCE);
                }
            }
        }
    }

    private void migrate(Connection connection) {
        FluentConfiguration configuration = Flyway.configure(resources)
                .dataSource(new OneConnection(connection))
                .locations(locations.stream().map(each -> "classpath:" + each).toArray(String[]::new))
                .defaultSchema("tutti")
                .table(history)
                .baselineOnMigrate(true) // other parts of Tutti may have made the schema, with their own history
                .baselineVersion("0")
                // features share a history: one may have been there before another's older migrations, or be without
                // them
                .outOfOrder(true)
                // one try a second; whoever is about it gives the lock back when it dies
                .lockRetryCount((int) PATIENCE_WITH_OTHERS.toSeconds())
                .ignoreMigrationPatterns("*:missing", "*:future");
        // a lock of the session: one of a transaction would end with the first migration
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        Flyway flyway = configuration.load();
        if (flyway.info().pending().length > 0) {
            flyway.migrate();
        }
    }

    private static boolean isLocked(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException told && LOCKED.equals(told.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** Lets those go on who queued behind the lock. */
    private static boolean pause() {
        try {
            return !new CountDownLatch(1).await(BACKOFF.jittered(1).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Resets a connection that {@code failure} may have broken. A second failure is told with the first, and not in its place. */
    private static void resetAfter(Throwable failure, Connection connection) {
        try {
            execute(connection, RESET);
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
