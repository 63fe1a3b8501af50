package dev.tutti.bench.subject;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.ClosedLoop;
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
public final class RawCommits implements AutoCloseable {
    private final List<Connection> connections = new ArrayList<>();
    private final List<ClosedLoop.Call> callers = new ArrayList<>();

    private RawCommits() {}

    /** Opens {@code callers} connections to {@code database}, for rows of {@code size} bytes. */
    public static RawCommits open(DataSource database, int callers, int size) {
        RawCommits commits = new RawCommits();
        try {
            commits.connect(database, callers, ".".repeat(size).getBytes(StandardCharsets.US_ASCII));
            return commits;
        } catch (SQLException failure) {
            commits.close();
            throw new BenchException("cannot connect " + callers + " times", failure);
        }
    }

    private void connect(DataSource database, int count, byte[] data) throws SQLException {
        for (int i = 0; i < count; i++) {
            Connection connection = database.getConnection();
            connections.add(connection);
            if (i == 0) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("create table if not exists raw_commits"
                            + " (id bigint generated always as identity primary key, data bytea not null)");
                }
            }
            PreparedStatement insert = connection.prepareStatement("insert into raw_commits (data) values (?)");
            callers.add(() -> {
                insert.setBytes(1, data);
                insert.executeUpdate();
            });
        }
    }

    /** One for each connection. */
    public List<ClosedLoop.Call> callers() {
        return callers;
    }

    @Override
    public void close() {
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException failure) {
                throw new BenchException("cannot close a connection", failure);
            }
        }
    }
}
