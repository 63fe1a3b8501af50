package dev.tutti.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Tables that a feature has beside those of the streams. Safe for use by many threads. */
public interface MigratedSchema {
    /**
     * Brings them up to date, on one connection. Several instances may do this at once. Blocks.
     *
     * @throws dev.tutti.TuttiException if it fails
     */
    void migrate(DataSource database);

    /**
     * Finds out whether they are there and may be read. Cheap; blocks.
     *
     * @throws SQLException if not, in PostgreSQL's words
     */
    void requireUsable(Connection connection) throws SQLException;
}
