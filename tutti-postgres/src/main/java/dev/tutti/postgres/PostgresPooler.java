package dev.tutti.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/** Finds out whether a pooler such as PgBouncer stands between this process and the server. */
public final class PostgresPooler {
    private PostgresPooler() {}

    /** Whether the process that greeted at the other end of {@code connection} is not the one that works for it. Blocks. */
    public static boolean isBehind(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID();
        }
    }
}
