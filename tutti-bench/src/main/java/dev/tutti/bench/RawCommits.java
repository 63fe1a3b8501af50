package dev.tutti.bench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The raw limit of appends: connections to PostgreSQL that each insert one row and commit it, over and over. Nothing is
 * shared between them but the table and the log.
 */
final class RawCommits implements AutoCloseable {
    private final List<Connection> connections = new ArrayList<>();
    private final List<ClosedLoop.Call> callers = new ArrayList<>();

    /** Opens {@code callers} connections, for rows of {@code size} bytes. */
    RawCommits(DataSource database, int callers, int size) throws SQLException {
        byte[] data = ".".repeat(size).getBytes(StandardCharsets.US_ASCII);
        try {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create table if not exists raw_commits"
                        + " (id bigint generated always as identity primary key, data bytea not null)");
            }
            for (int i = 0; i < callers; i++) {
                Connection connection = database.getConnection();
                connections.add(connection);
                PreparedStatement insert = connection.prepareStatement("insert into raw_commits (data) values (?)");
                this.callers.add(() -> {
                    insert.setBytes(1, data);
                    insert.executeUpdate();
                });
            }
        } catch (SQLException failure) {
            close();
            throw failure;
        }
    }

    /** One for each connection. */
    List<ClosedLoop.Call> callers() {
        return callers;
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
