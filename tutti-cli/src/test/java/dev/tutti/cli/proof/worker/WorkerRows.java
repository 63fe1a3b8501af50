package dev.tutti.cli.proof.worker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the workers of {@link Poller}s have written, and what the database has refused. For one thread at a time; blocks. */
final class WorkerRows implements AutoCloseable {
    private static final String EFFECTS =
            "create table effect (id serial primary key, worker text, token bigint, instance text)";
    private static final String BY_WORKER = "create index on effect (worker, id)";
    private static final String REFUSALS = "create table refusal (worker text, token bigint, instance text)";
    private static final String LATEST =
            "select id, token, instance from effect where worker = ? order by id desc limit 1";
    private static final String REFUSED =
            "select count(*) from refusal where worker = ? and token = ? and instance = ?";
    private static final String STALE = """
            select count(*)
            from (
                select token, max(token) over (partition by worker order by id) as highest
                from effect
            ) e
            where token < highest
            """;
    private static final String SHARED = """
            select count(*)
            from (
                select worker, token from effect group by worker, token having count(distinct instance) > 1
            ) e
            """;

    /**
     * The last row of a worker.
     *
     * @param id which grows from row to row; 0 if there is none
     * @param token under which it was written
     * @param instance who wrote it
     */
    record Last(long id, long token, String instance) {}

    private final Connection connection;

    /** Makes the tables, over {@code connection}, which is closed with this. */
    WorkerRows(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(EFFECTS);
            statement.execute(BY_WORKER);
            statement.execute(REFUSALS);
        }
    }

    Last last(String worker) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(LATEST)) {
            query.setString(1, worker);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next()
                        ? new Last(rows.getLong("id"), rows.getLong("token"), rows.getString("instance"))
                        : new Last(0, 0, "");
            }
        }
    }

    /** How often {@code worker} was refused to write as it did in {@code row}. */
    long refused(String worker, Last row) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(REFUSED)) {
            query.setString(1, worker);
            query.setLong(2, row.token());
            query.setString(3, row.instance());
            return number(query);
        }
    }

    /** How many rows were written under an older token after one was under a newer token. */
    long stale() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(STALE)) {
            return number(query);
        }
    }

    /** Under how many tokens two instances have written. */
    long shared() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SHARED)) {
            return number(query);
        }
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
