package dev.tutti.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.tutti.postgres.sql.Replica;
import dev.tutti.postgres.sql.Replicated;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.slf4j.LoggerFactory;

/**
 * Connections to a database, opened when needed and shared: a {@link DataSource} with bounds in number and time. It can be made
 * while the database is away; callers that ask for a connection are then told so. Safe for use by many threads.
 */
public final class PostgresPool implements DataSource, Replicated, AutoCloseable {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(PostgresPool.class);
    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final String BUSY = "53300"; // what PostgreSQL itself says when it has no room for a connection

    private final PostgresPoolSettings settings;
    private final RetryingConnector connector;
    private final HikariDataSource pool;
    private volatile BooleanSupplier mayOpen = () -> false;
    private volatile Optional<Replica> replica = Optional.empty();

    /** Does not connect yet. */
    public PostgresPool(PostgresPoolSettings settings) {
        this(settings, Optional.empty());
    }

    /** As above, and reports what it measures to {@code meters} by HikariCP's names. */
    PostgresPool(PostgresPoolSettings settings, Optional<MeterRegistry> meters) {
        this.settings = settings;
        HikariConfig config = new HikariConfig();
        config.setPoolName("tutti");
        meters.ifPresent(config::setMetricRegistry);
        this.connector = new RetryingConnector(settings, () -> mayOpen.getAsBoolean());
        config.setDataSource(connector);
        config.setMaximumPoolSize(settings.maxConnections());
        config.setMinimumIdle(settings.minIdle());
        config.setIdleTimeout(settings.idle().toMillis());
        config.setConnectionTimeout(settings.acquire().toMillis());
        config.setValidationTimeout(Math.min(settings.acquire().toMillis(), config.getValidationTimeout()));
        config.setInitializationFailTimeout(-1);
        // Through PgBouncer these settings are the server connection's, whoever uses it next: all of Tutti's are alike.
        // A server that gives up a client which stands still in a transaction frees the streams that it has locked.
        long statement = settings.statement().toMillis();
        config.setConnectionInitSql("set default_transaction_isolation = 'read committed';"
                + " set statement_timeout = " + statement + ";"
                + " set idle_in_transaction_session_timeout = " + statement + "; " + PostgresConnector.KEEPALIVE);
        this.pool = new HikariDataSource(config);
        openOnlyIf(() -> true);
    }

    /** From now on {@code copy} may answer work that only reads; to be called before this is given to anybody. */
    void readFrom(Replica copy) {
        replica = Optional.of(copy);
    }

    @Override
    public Optional<Replica> replica() {
        return replica;
    }

    /** From now on connections are opened only while {@code allowed} says so. */
    public void openOnlyIf(BooleanSupplier allowed) {
        // connections that were wanted long ago may not fit into the number that is allowed by now
        mayOpen = () -> allowed.getAsBoolean() && open() < size();
    }

    /** From now on connections are opened only while {@code sessions} has room for them. */
    void count(OpenedSessions sessions) {
        connector.count(sessions);
    }

    /** Changes how many connections there may be, at least 1. Those that are too many are closed once nobody uses them. */
    public void resize(int most) {
        HikariConfigMXBean config = pool.getHikariConfigMXBean();
        if (most < config.getMaximumPoolSize()) {
            config.setMinimumIdle(Math.min(settings.minIdle(), most));
            config.setMaximumPoolSize(most);
            closeTooMany();
        } else if (most > config.getMaximumPoolSize()) {
            config.setMaximumPoolSize(most);
            config.setMinimumIdle(Math.min(settings.minIdle(), most));
        }
    }

    /** Takes a connection, in case that nobody else wants one: each caller that gets one of too many closes it and takes the next. */
    private void closeTooMany() {
        Thread closing = Thread.ofVirtual().name("tutti-pool-shrink").start(() -> {
            try (Connection kept = getConnection()) {
                log.debug("Not too many are left: {}", kept);
            } catch (SQLException busy) {
                log.debug("Those who use them close what is too much", busy);
            }
        });
        try {
            boolean _ = closing.join(AT_ONCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Connection take() throws SQLException {
        Connection taken = pool.getConnection();
        while (isClosedAsTooMany(taken)) {
            taken = pool.getConnection();
        }
        return taken;
    }

    private boolean isClosedAsTooMany(Connection taken) {
        synchronized (connector) { // or two would close one too much
            if (open() <= size()) {
                return false;
            }
            pool.evictConnection(taken);
            return true;
        }
    }

    /** Closes all connections, those in use when they are given back; new ones are opened when they are needed. */
    void renew() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    /** How many connections there may be. */
    public int size() {
        return pool.getHikariConfigMXBean().getMaximumPoolSize();
    }

    /** How many connections are open, in use or not. */
    public int open() {
        return pool.getHikariPoolMXBean().getTotalConnections();
    }

    /**
     * A connection, which its {@code close} gives back.
     *
     * @throws SQLTransientConnectionException if none is free in time (SQL state 53300), or the database cannot be reached
     *     (08001)
     */
    @Override
    public Connection getConnection() throws SQLException {
        try {
            return take();
        } catch (SQLTransientConnectionException e) {
            throw unavailable(e);
        } catch (SQLException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new SQLTransientConnectionException(
                        "whoever waited for a connection was told to end", "57014", e);
            }
            throw e;
        }
    }

    /** The reason why no connection came in time: if none is being opened, in vain or slowly, the others have them all. */
    private SQLTransientConnectionException unavailable(SQLTransientConnectionException timeout) {
        SQLException why = connector.failure();
        boolean slow = why == null && open() < size();
        boolean barred = why instanceof SQLTransientConnectionException && BUSY.equals(why.getSQLState());
        if (!slow && (why == null || barred)) {
            return new SQLTransientConnectionException(
                    "all " + size() + " connections (this instance's share of DB_MAX_CONNECTIONS) were in use for "
                            + settings.acquire() + ", and " + waiting() + " others wait",
                    BUSY,
                    why == null ? timeout : why);
        }
        return new SQLTransientConnectionException(
                "no connection to " + settings.address() + " within " + settings.acquire(),
                "08001",
                why == null ? timeout : why);
    }

    /** Whether what {@link #getConnection} threw says that all connections were in use. */
    public static boolean isBusy(SQLException failure) {
        return BUSY.equals(failure.getSQLState());
    }

    /** How many connections are in use. */
    public int active() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    /** How many connections are open and not in use. */
    public int idle() {
        return pool.getHikariPoolMXBean().getIdleConnections();
    }

    /** How many threads wait for a connection. */
    public int waiting() {
        return pool.getHikariPoolMXBean().getThreadsAwaitingConnection();
    }

    /** The settings it was made with. */
    public PostgresPoolSettings settings() {
        return settings;
    }

    /** Closes all connections, those in use after at most ten seconds. Idempotent. */
    @Override
    public void close() {
        connector.close();
        pool.close();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("this pool has one user");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException("the time to acquire a connection is a setting");
    }

    @Override
    public int getLoginTimeout() {
        return (int) settings.acquire().toSeconds();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("this logs with SLF4J");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return pool.isWrapperFor(type);
    }
}
