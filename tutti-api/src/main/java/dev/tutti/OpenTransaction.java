package dev.tutti;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The check at the beginning of each method that works within the caller's own transaction. On a connection in auto-commit mode the method
 * would take effect at once, whatever the caller does afterwards.
 */
public final class OpenTransaction {
    private OpenTransaction() {}

    /**
     * Does nothing if the statements on {@code transaction} take effect when its owner commits.
     *
     * @throws IllegalArgumentException if {@code transaction} is in auto-commit mode
     * @throws SQLException if {@code transaction} is closed, or does not report its mode
     */
    public static void require(Connection transaction) throws SQLException {
        if (transaction.getAutoCommit()) {
            throw new IllegalArgumentException(
                    "transaction: a transaction is needed, but the connection commits by itself;"
                            + " allowed are connections with setAutoCommit(false)");
        }
    }
}
