package dev.tutti.server.storage;

import com.zaxxer.hikari.HikariDataSource;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.health.Status;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.postgres.PostgresStreamStore;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SecretFile;
import dev.tutti.server.config.Settings;
import dev.tutti.server.sql.FeatureSchema;
import dev.tutti.stream.StreamStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Where an instance keeps what must not be lost: in a PostgreSQL of its own, which it starts, or in the one that {@code
 * DATABASE_URL} names. Its tables are up to date. Safe for use by many threads.
 */
public final class Storage {
    private static final String SECRET_FILE = "jwt-secret";

    private final ConnectionPool pool;
    private final PostgresStreamStore streams;
    private final String tokenSecret;

    private Storage(ConnectionPool pool, PostgresStreamStore streams, String tokenSecret) {
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
        Optional<String> url = configuration.value(Settings.DATABASE_URL);
        DatabaseAddress address = url.map(DatabaseAddress::of)
                .orElseGet(() -> DatabaseAddress.of(
                        parts.started("embedded PostgreSQL", EmbeddedDatabase.start(embedded(configuration)))));
        try (HikariDataSource migrating = ConnectionPool.forMigrations(address)) {
            PostgresSchema.migrate(migrating);
            FeatureSchema.migrate(migrating);
        }
        ConnectionPool pool = parts.started(
                "connection pool",
                ConnectionPool.to(
                        address,
                        configuration.value(Settings.DB_MIN_CONNECTIONS),
                        configuration.value(Settings.DB_MAX_CONNECTIONS),
                        meters));
        PostgresStreamStore streams = new PostgresStreamStore(
                pool.database(), configuration.value(Settings.STREAM_RETENTION), ConnectionPool.STATEMENT);
        streams.retain();
        return new Storage(pool, streams, tokenSecret(configuration));
    }

    /** The streams. */
    public StreamStore streams() {
        return streams;
    }

    /** The tables of the features, through the instance's one pool. */
    public DataSource database() {
        return pool.database();
    }

    /** What access tokens are signed with. */
    public String tokenSecret() {
        return tokenSecret;
    }

    /** Whether the database answers. */
    public Status check() throws SQLException {
        return pool.check();
    }

    private static EmbeddedSettings embedded(Configuration configuration) {
        return EmbeddedSettings.in(configuration.value(Settings.DATA_DIR).resolve("postgres"));
    }

    /** As configured, or the embedded database's own; which of the two is allowed was checked with the configuration. */
    private static String tokenSecret(Configuration configuration) {
        Path file = configuration.value(Settings.DATA_DIR).resolve(SECRET_FILE);
        return configuration.value(Settings.JWT_SECRET).orElseGet(() -> {
            try {
                return SecretFile.at(file);
            } catch (IOException failure) {
                throw new TuttiException(
                        ErrorCode.UNAVAILABLE,
                        "the secret in " + file + " cannot be read or made: " + failure.getMessage()
                                + "; check who owns TUTTI_DATA_DIR",
                        failure);
            }
        });
    }
}
