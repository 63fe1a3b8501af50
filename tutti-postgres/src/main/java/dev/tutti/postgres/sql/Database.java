package dev.tutti.postgres.sql;

import dev.tutti.TuttiException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on connections of a pool. Blocks for as long as the pool makes its callers wait, and as the work takes; meant
 * for virtual threads. A connection whose other end vanished is given up, and the failure is {@link
 * dev.tutti.ErrorCode#UNAVAILABLE}, when it was silent for longer than a statement may take there, see {@link NetworkBound}: loops on
 * which others wait ask by {@link #within}. Safe for use by many threads.
 */
public final class Database {
    private static final int ATTEMPTS = 4;
    private static final Duration LONGEST = Duration.ofMinutes(10); // no pool's limit is known here
    /** Deadlock and serialisation failure: the database chose this transaction to give way, and it may be repeated. */
    private static final Set<String> GAVE_WAY = Set.of("40P01", "40001");

    private final DataSource pool;
    private final Optional<Replica> replica;
    private final LongSupplier ticker;
    private final @Nullable AdaptiveTimeout timeout;

    public Database(DataSource pool) {
        this(pool, System::nanoTime);
    }

    /** The same; {@code ticker}, a monotonic clock in nanoseconds, says how long work took that is done {@link #within} a time. */
    public Database(DataSource pool, LongSupplier ticker) {
        this(pool, ticker, null);
    }

    private Database(DataSource pool, LongSupplier ticker, @Nullable AdaptiveTimeout timeout) {
        this.pool = pool;
        this.replica = Replicated.of(pool);
        this.ticker = ticker;
        this.timeout = timeout;
    }

    /**
     * The same for work of one purpose whose statements may take {@code statement} at the primary, some seconds; after one that was ended
     * for taking longer twice as long, and so on, until one is done. Each purpose has one of its own.
     */
    public Database within(Duration statement) {
        return within(statement, LONGEST);
    }

    /** The same, where the time ends at {@code most}, which is {@code statement} or more. */
    public Database within(Duration statement, Duration most) {
        return new Database(pool, ticker, new AdaptiveTimeout(statement, most, ticker));
    }

    /** The work that is done with a connection. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        /** Does it; may be called again after a failure that the database asks to repeat. */
        T run(Connection connection) throws SQLException;
    }

    /** Runs {@code work} in a transaction, which is committed when it returns and rolled back when it throws. */
    public <T extends @Nullable Object> T transaction(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = pool.getConnection()) {
                return patiently(connection, on -> inTransaction(on, work));
            } catch (SQLException failure) {
                if (attempt == ATTEMPTS || !gaveWay(failure)) {
                    throw PostgresFailure.of(failure);
                }
            } catch (TuttiException failure) {
                // code that takes part in the transaction, such as an append, has its own words for it
                if (attempt == ATTEMPTS || !gaveWay(failure.getCause())) {
                    throw failure;
                }
            }
        }
    }

    /** Runs {@code work}, which only reads, as {@link #read} does, and so that all its statements see the same moment. */
    public <T> T snapshot(Work<T> work) {
        Work<T> ofOneMoment = connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read, read only");
            }
            return work.run(connection);
        };
        return replica.flatMap(copy -> copy.current(connection -> inTransaction(connection, ofOneMoment)))
                .orElseGet(() -> transaction(ofOneMoment));
    }

    /**
     * Runs {@code work}, which only reads, each of its statements by itself: at the replica if there is one that has all that is
     * committed by now, else at the primary. It may be run again at the primary after a failure.
     */
    public <T> T read(Work<T> work) {
        return replica.flatMap(copy -> copy.current(work)).orElseGet(() -> statement(work));
    }

    /** Runs {@code work}, each of whose statements is a transaction of its own. */
    public <T extends @Nullable Object> T statement(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            return patiently(connection, work);
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }

    private <T extends @Nullable Object> T patiently(Connection connection, Work<T> work) throws SQLException {
        AdaptiveTimeout limit = timeout;
        return limit == null ? work.run(connection) : limit.run(connection, work);
    }

    private static <T extends @Nullable Object> T inTransaction(Connection connection, Work<T> work)
            throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            T result = work.run(connection);
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollback(connection);
            }
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException _) {
            // the connection is broken: the server has rolled back, and what broke it is on its way to the caller
        }
    }

    private static boolean gaveWay(@Nullable Throwable cause) {
        return cause instanceof SQLException failure && GAVE_WAY.contains(String.valueOf(failure.getSQLState()));
    }
}
