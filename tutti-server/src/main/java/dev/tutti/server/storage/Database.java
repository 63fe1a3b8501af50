package dev.tutti.server.storage;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresPooler;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.server.sql.FeatureSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that was looked at and brought up to date.
 *
 * @param pool how it is used by most
 * @param direct how it is reached by who needs a session of the server
 */
record Database(PostgresPoolSettings pool, PostgresPoolSettings direct) {
    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final int OLDEST_VERSION = 14;

    /**
     * Looks at the database, directly if there is a way, and brings its tables up to date. Blocks.
     *
     * @throws TuttiException if that is not possible; the message says what to do
     */
    static Database prepared(PostgresPoolSettings settings, Optional<PostgresAddress> directly) {
        PostgresPoolSettings direct =
                directly.map(address -> settings.at(address, false)).orElse(settings);
        boolean pooler = directly.isPresent() && isBehindPooler(settings, "DATABASE_URL");
        if (isBehindPooler(direct, directly.isPresent() ? "DATABASE_DIRECT_URL" : "DATABASE_URL")) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    (directly.isPresent() ? "DATABASE_DIRECT_URL" : "DATABASE_URL")
                            + " leads through a pooler such as PgBouncer, which can carry neither notifications nor"
                            + " migrations; set DATABASE_DIRECT_URL to the server itself");
        }
        try (PostgresPool migrating = new PostgresPool(patient(direct, 2, Duration.ofHours(1)))) {
            PostgresSchema.migrate(migrating);
            FeatureSchema.migrate(migrating);
        }
        if (pooler) {
            log.info("DATABASE_URL leads through a pooler: statements are not prepared, and notifications go directly");
        }
        return new Database(settings.at(settings.address(), pooler), direct);
    }

    private static boolean isBehindPooler(PostgresPoolSettings settings, String setting) {
        // a statement that is prepared for a session would fail through the pooler that is looked for
        PostgresPoolSettings careful =
                patient(settings, 1, settings.statement()).at(settings.address(), true);
        try (PostgresPool pool = new PostgresPool(careful);
                Connection connection = pool.getConnection()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_VERSION) {
                throw new TuttiException(
                        ErrorCode.UNSUPPORTED,
                        "the database at " + settings.address() + " is PostgreSQL " + version + "; Tutti needs "
                                + OLDEST_VERSION + " or newer");
            }
            return PostgresPooler.isBehind(connection);
        } catch (SQLException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the database cannot be used: " + rootMessage(failure) + "; check " + setting
                            + ", and that the database is running",
                    failure);
        }
    }

    /** A migration may take its time, and the database may still be starting. */
    private static PostgresPoolSettings patient(PostgresPoolSettings settings, int connections, Duration statement) {
        return settings.withConnections(connections, 0).withTimes(settings.idle(), Duration.ofSeconds(10), statement);
    }

    /** The pool says how long it waited; what went wrong is further down. */
    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || root.equals(failure)
                ? String.valueOf(failure.getMessage())
                : failure.getMessage() + ": " + message;
    }
}
