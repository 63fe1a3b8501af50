package dev.tutti;

import java.sql.Connection;
import java.sql.SQLException;

/** Work in a transaction that the caller commits. */
@FunctionalInterface
public interface TransactionWork<T> {
    /**
     * Does the work on {@code transaction}. It must not commit, roll back or close it.
     *
     * @throws SQLException if a statement fails; then the owner of the transaction rolls back
     */
    T on(Connection transaction) throws SQLException;
}
