package dev.tutti.postgres;

import dev.tutti.concurrent.Backoff;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections for a pool, when that is allowed, and tries until it has one. A pool that is told of failures looks ever
 * more rarely, and would notice only some seconds late that an outage is over.
 */
final class RetryingConnector extends PostgresConnector implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Backoff BACKOFF = new Backoff(PAUSE, PAUSE); // which does not grow

    private final transient BooleanSupplier allowed;
    private transient volatile @Nullable OpenedSessions sessions;
    private transient volatile @Nullable SQLException failure;
    private final transient CountDownLatch closing = new CountDownLatch(1);

    RetryingConnector(PostgresPoolSettings settings, BooleanSupplier allowed) {
        super(settings);
        this.allowed = allowed;
    }

    /** From now on no connection is opened before {@code counted} has room for its session. */
    void count(OpenedSessions counted) {
        sessions = counted;
    }

    /** Why there is no connection yet; null if the last that was wanted was opened. */
    @Nullable
    SQLException failure() {
        return failure;
    }

    @Override
    public Connection getConnection() throws SQLException {
        do {
            try {
                Connection connection = open();
                failure = null;
                return connection;
            } catch (SQLException notNow) {
                failure = notNow;
            }
        } while (!isClosedAfterPause());
        throw new SQLNonTransientConnectionException("the pool is closed", "08003");
    }

    private Connection open() throws SQLException {
        requireAllowed();
        OpenedSessions counted = sessions;
        if (counted != null) {
            counted.requireRoom();
        }
        Connection connection = super.getConnection();
        try {
            if (counted != null) {
                counted.opened(connection);
            }
            requireAllowed(); // a process that stood still meanwhile has nothing that the others could have closed
            return connection;
        } catch (SQLException tooLate) {
            connection.close();
            throw tooLate;
        }
    }

    private void requireAllowed() throws SQLException {
        if (!allowed.getAsBoolean()) {
            throw new SQLTransientConnectionException(
                    "no connection is opened: this instance's heartbeats do not come through, and others may have its"
                            + " share by now",
                    "53300");
        }
    }

    /** Not for as long as others pause, who lost the same server. */
    private boolean isClosedAfterPause() throws SQLException {
        try {
            return closing.await(BACKOFF.jittered(1).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException toEnd) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted", "08001", toEnd);
        }
    }

    /** Nobody tries any longer. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
    }
}
