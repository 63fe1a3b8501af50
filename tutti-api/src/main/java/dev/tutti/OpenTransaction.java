package dev.tutti;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The check at the beginning of each method that works within the caller's own transaction: on a connection that commits by itself
 * it would take effect at once, whatever the caller does afterwards.
 */
public final class OpenTransaction {
    private OpenTransaction() {}

    /**
     * Nothing, if the statements on {@code transaction} take effect when its owner commits.
     *
     * @throws IllegalArgumentException if {@code transaction} commits by itself
     * @throws SQLException if {@code transaction} is closed, or does not say
     */
    public static void require(Connection transaction) throws SQLException {
        if (transaction.getAutoCommit()) {
            throw new IllegalArgumentException(
                    "transaction: a transaction is needed, but the connection commits by itself;"
                            + " allowed are connections with setAutoCommit(false)");
        }
    }
}
