package dev.tutti;

import java.sql.Connection;
import java.sql.SQLException;

/** Something to be done in a transaction that somebody else commits. */
@FunctionalInterface
public interface TransactionWork<T> {
    /**
     * Does it on {@code transaction}, which it neither commits, nor rolls back, nor closes.
     *
     * @throws SQLException if a statement fails; the one who commits then rolls back
     */
    T on(Connection transaction) throws SQLException;
}
