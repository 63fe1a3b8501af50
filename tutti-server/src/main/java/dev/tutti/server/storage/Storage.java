package dev.tutti.server.storage;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.health.Status;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.postgres.PostgresStreamStore;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.Settings;
import dev.tutti.server.sql.FeatureSchema;
import dev.tutti.stream.StreamStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Where an instance keeps what must not be lost: in a PostgreSQL of its own, which it starts, or in the one that {@code
 * DATABASE_URL} names. Its tables are up to date. Safe for use by many threads.
 */
public final class Storage {
    private static final int OLDEST_VERSION = 14;

    private final PostgresPool pool;
    private final PostgresStreamStore streams;
    private final String tokenSecret;

    private Storage(PostgresPool pool, PostgresStreamStore streams, String tokenSecret) {
        this.pool = pool;
        this.streams = streams;
        this.tokenSecret = tokenSecret;
    }

    /**
     * Opens it; what has to be closed is noted in {@code parts}.
     *
     * @throws TuttiException if that is not possible; the message says what to do
     */
    public static Storage open(Configuration configuration, MeterRegistry meters, Lifecycle parts) {
        PostgresPoolSettings settings = PostgresPoolSettings.of(address(configuration, parts))
                .withConnections(
                        configuration.value(Settings.DB_MAX_CONNECTIONS),
                        configuration.value(Settings.DB_MIN_CONNECTIONS));
        try (PostgresPool migrating = new PostgresPool(forMigrations(settings))) {
            requireVersion(migrating);
            PostgresSchema.migrate(migrating);
            FeatureSchema.migrate(migrating);
        }
        PostgresPool pool = parts.started("connection pool", new PostgresPool(settings));
        PoolMetrics.register(pool, meters);
        PostgresStreamStore streams =
                new PostgresStreamStore(pool, configuration.value(Settings.STREAM_RETENTION), settings.statement());
        streams.retain();
        return new Storage(pool, streams, tokenSecret(configuration));
    }

    private static PostgresAddress address(Configuration configuration, Lifecycle parts) {
        Optional<String> url = configuration.value(Settings.DATABASE_URL);
        if (url.isPresent()) {
            return PostgresAddress.parse(url.get());
        }
        EmbeddedDatabase embedded = parts.started(
                "embedded PostgreSQL",
                EmbeddedDatabase.start(DataDirectory.of(configuration).database()));
        return PostgresAddress.parse(embedded.url());
    }

    /** A migration may take its time, and the database may still be starting. */
    private static PostgresPoolSettings forMigrations(PostgresPoolSettings settings) {
        return new PostgresPoolSettings(
                settings.address(), 2, 0, settings.idle(), Duration.ofSeconds(10), Duration.ofHours(1));
    }

    private static void requireVersion(PostgresPool pool) {
        try (Connection connection = pool.getConnection()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_VERSION) {
                throw new TuttiException(
                        ErrorCode.UNSUPPORTED,
                        "the database at " + pool.settings().address() + " is PostgreSQL " + version + "; Tutti needs "
                                + OLDEST_VERSION + " or newer");
            }
        } catch (SQLException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the database cannot be used: " + rootMessage(failure)
                            + "; check DATABASE_URL, and that the database is running",
                    failure);
        }
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

    /** The streams. */
    public StreamStore streams() {
        return streams;
    }

    /** The tables of the features, through the instance's one pool. */
    public DataSource database() {
        return pool;
    }

    /** What access tokens are signed with. */
    public String tokenSecret() {
        return tokenSecret;
    }

    /** Whether the database answers. */
    public Status check() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(1) ? Status.HEALTHY : Status.UNAVAILABLE;
        }
    }

    /** As configured, or the embedded database's own; which of the two is allowed was checked with the configuration. */
    private static String tokenSecret(Configuration configuration) {
        return configuration.value(Settings.JWT_SECRET).orElseGet(DataDirectory.of(configuration)::tokenSecret);
    }
}
