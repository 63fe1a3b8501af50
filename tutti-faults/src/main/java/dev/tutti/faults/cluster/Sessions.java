package dev.tutti.faults.cluster;

import dev.tutti.embedded.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;

/** The sessions that the instances have in PostgreSQL, seen over a direct connection of one's own. For one thread. */
final class Sessions implements AutoCloseable {
    private static final String COUNT =
            "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'tutti %'";
    private static final String TERMINATE = "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            + " where datname = current_database() and application_name like 'tutti %'";

    private final Connection connection;

    private Sessions(Connection connection) {
        this.connection = connection;
    }

    static Sessions of(EmbeddedDatabase database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("ApplicationName", "faults");
        properties.setProperty("socketTimeout", "10");
        return new Sessions(DriverManager.getConnection(database.jdbcUrl(), properties));
    }

    /** How many there are. */
    int count() throws SQLException {
        return number(COUNT);
    }

    /** Ends all; how many there were. */
    int terminate() throws SQLException {
        return number(TERMINATE);
    }

    private int number(String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
