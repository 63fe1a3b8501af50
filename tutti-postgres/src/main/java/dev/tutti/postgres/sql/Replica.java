package dev.tutti.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A copy of the database that may answer, in the primary's stead, work that only reads. Every question to it may come back empty,
 * for whichever reason, and is then asked of the primary. Safe for use by many threads; blocks.
 */
public interface Replica {
    /** Something to read from a copy that may lag. */
    @FunctionalInterface
    interface Reading<T> {
        /**
         * Reads it.
         *
         * @param current whether the copy has all that had been committed when it was asked
         * @return empty if what a lagging copy has does not suffice
         */
        Optional<T> run(Connection connection, boolean current) throws SQLException;
    }

    /** The result of {@code work} on a copy that has all that had been committed when this was called; waits a moment for that. */
    <T> Optional<T> current(Database.Work<T> work);

    /** The result of {@code reading} on the copy as it is, without waiting. */
    <T> Optional<T> asItIs(Reading<T> reading);
}
