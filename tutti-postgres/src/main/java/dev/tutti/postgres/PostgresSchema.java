package dev.tutti.postgres;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Migrations;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The tables and functions of the streams, in the schema {@code tutti}. */
public final class PostgresSchema {
    private static final int USABLE_SECONDS = 2;
    private static final Sql USABLE =
            Sql.resource(PostgresSchema.class, "usable").within(USABLE_SECONDS);

    private PostgresSchema() {}

    /**
     * Brings the schema up to date, with a history in {@code tutti.stream_schema_history}, on one connection. Several
     * instances may do this at once: one does it, the others wait. A schema that a newer release has brought further is left
     * as it is. The user needs the right to create the schema, or to create in it if it is there.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if it fails
     */
    public static void migrate(DataSource database) {
        new Migrations(
                        database,
                        PostgresSchema.class.getClassLoader(),
                        List.of("dev/tutti/postgres/migration"),
                        "stream_schema_history")
                .run();
    }

    /**
     * Finds out whether the tables are there, may be read, and are in a database that takes writes, and whether the functions are
     * there that this release calls. Cheap; blocks.
     *
     * @throws SQLException if not, in PostgreSQL's words where it has some
     */
    public static void requireUsable(Connection connection) throws SQLException {
        USABLE.list(connection, row -> {
            if (row.getBoolean("read_only")) {
                throw new SQLException("the database is read-only", "25006");
            }
            @Nullable String missing = row.getString("missing");
            if (missing != null) {
                throw new SQLException("the database lacks functions: " + missing, "42883");
            }
            return true;
        });
    }
}
