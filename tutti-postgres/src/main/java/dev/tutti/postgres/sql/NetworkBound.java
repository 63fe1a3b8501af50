package dev.tutti.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The bound on the server's silence on a connection: the time that a statement may take there, and half of that more, two seconds
 * at most, in which the server says that it has ended one. Silence beyond it means that the other end, or the way to it, vanished
 * without a word: the driver gives the connection up, with SQL state 08006, and the pool does not lend it again.
 *
 * <p>Every connection has such a bound. One that a pool opens has it from the pool's limit for statements, which suits those who
 * keep nobody else waiting. A loop on which others wait, or that has promised seconds, asks by {@link Database#within}, which narrows it;
 * work that may take longer than any statement says so by {@link #put}. To set it costs no round trip, and HikariCP sets it back when the
 * connection is given back. It is the socket's timeout for reading, so each answer has it anew.
 */
public final class NetworkBound {
    private static final int MOST_MARGIN_MILLIS = 2_000;

    private NetworkBound() {}

    /** The bound where statements may take {@code statement}, in milliseconds. */
    public static int millis(Duration statement) {
        long limit = Math.min(statement.toMillis(), Integer.MAX_VALUE - MOST_MARGIN_MILLIS);
        return (int) (limit + Math.min(MOST_MARGIN_MILLIS, limit / 2));
    }

    /** Bears silence on {@code connection} as long as it suits statements that may take {@code statement}. */
    public static void put(Connection connection, Duration statement) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, millis(statement));
    }

    /** As {@link #put}, unless its bound is narrower already. */
    public static void narrow(Connection connection, Duration statement) throws SQLException {
        int bound = connection.getNetworkTimeout();
        if (bound == 0 || bound > millis(statement)) {
            put(connection, statement);
        }
    }

    /**
     * How long a statement may take on {@code connection}, so that the server is told to end it before its silence is too long: {@code
     * wanted} or less.
     *
     * @param wanted in seconds, 0 for no limit, as the answer
     */
    public static int statementSeconds(Connection connection, int wanted) throws SQLException {
        int bound = connection.getNetworkTimeout();
        if (bound == 0) {
            return wanted;
        }
        int left = Math.max(1, (bound - Math.min(MOST_MARGIN_MILLIS, bound / 3)) / 1_000);
        return wanted == 0 ? left : Math.min(wanted, left);
    }
}
