package dev.tutti.server.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import com.zaxxer.hikari.pool.HikariPool;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.health.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Connections to PostgreSQL: a bounded number, of which some are kept when there is nothing to do. Who waits for one longer
 * than two seconds gets an error, and so does a statement that takes longer than thirty. Safe for use by many threads.
 */
final class ConnectionPool implements AutoCloseable {
    /** How long a statement may take. */
    static final Duration STATEMENT = Duration.ofSeconds(30);

    private static final Duration ACQUIRE = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration REACHED_WITHIN = Duration.ofSeconds(10);
    private static final int OLDEST_VERSION = 14;

    private final HikariDataSource pool;

    private ConnectionPool(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * A pool of {@code min} to {@code max} connections to {@code address}.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if the database is not reached within ten seconds, with
     *     {@link ErrorCode#UNSUPPORTED} if it is too old
     */
    static ConnectionPool to(DatabaseAddress address, int min, int max, MeterRegistry meters) {
        HikariConfig config = config(address);
        config.setPoolName("tutti");
        config.setMinimumIdle(min);
        config.setMaximumPoolSize(max);
        config.setIdleTimeout(IDLE.toMillis());
        config.setConnectionInitSql("set statement_timeout = '" + STATEMENT.toSeconds() + "s'");
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
        ConnectionPool opened = new ConnectionPool(open(config, address));
        try {
            opened.requireVersion(address);
            return opened;
        } catch (RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }

    /** Connections without a limit for statements, for migrations; to be closed after them. */
    static HikariDataSource forMigrations(DatabaseAddress address) {
        HikariConfig config = config(address);
        config.setPoolName("tutti-migrations");
        config.setMinimumIdle(0);
        config.setMaximumPoolSize(2);
        return open(config, address);
    }

    DataSource database() {
        return pool;
    }

    /** Whether a connection can be had and answers. */
    Status check() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(1) ? Status.HEALTHY : Status.UNAVAILABLE;
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static HikariConfig config(DatabaseAddress address) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address.jdbcUrl());
        address.user().ifPresent(config::setUsername);
        address.password().ifPresent(config::setPassword);
        config.setConnectionTimeout(ACQUIRE.toMillis());
        config.setInitializationFailTimeout(REACHED_WITHIN.toMillis());
        config.addDataSourceProperty("ApplicationName", "tutti");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return config;
    }

    private static HikariDataSource open(HikariConfig config, DatabaseAddress address) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the database at " + address.shown() + " cannot be used: " + reason(failure)
                            + "; check DATABASE_URL, and that the database is running",
                    failure);
        }
    }

    private void requireVersion(DatabaseAddress address) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show server_version_num")) {
            int version = row.next() ? row.getInt(1) / 10_000 : 0;
            if (version < OLDEST_VERSION) {
                throw new TuttiException(
                        ErrorCode.UNSUPPORTED,
                        "the database at " + address.shown() + " is PostgreSQL " + version + "; Tutti needs "
                                + OLDEST_VERSION + " or newer");
            }
        } catch (SQLException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the database at " + address.shown() + " does not answer: " + failure.getMessage(),
                    failure);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }
}
