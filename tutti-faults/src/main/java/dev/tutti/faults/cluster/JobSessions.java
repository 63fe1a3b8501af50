package dev.tutti.faults.cluster;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Jobs as another program enqueues and sees them, over a connection of its own. For one thread. */
final class JobSessions {
    private static final String TABLES = """
            create table if not exists faults_attempt (id bigserial primary key, job bigint not null, attempt integer not null);
            create table if not exists faults_job_effect (id bigserial primary key, job bigint not null, attempt integer not null);
            create table if not exists faults_job_done (job bigint primary key);
            """;
    private static final String ENQUEUE = "select tutti.enqueue(?, jsonb_build_object('rolledBack', ?))";

    private static final String TWICE = """
            select job, attempt, count(*) as runs from faults_attempt group by job, attempt having count(*) > 1 limit 1
            """;

    private static final String LATE = """
            select job, attempt, before
            from (
                select job, attempt, max(attempt) over (
                    partition by job order by id rows between unbounded preceding and 1 preceding) as before
                from faults_job_effect) effect
            where attempt < before
            limit 1
            """;

    private static final String UNDONE = """
            select wanted.id, coalesce(j.state, 'gone') as state, d.job is not null as done
            from unnest(?) wanted (id)
                left join tutti.job j on j.id = wanted.id
                left join faults_job_done d on d.job = wanted.id
            where j.state is distinct from 'completed' or d.job is null
            limit 1
            """;

    private static final String ROLLED_BACK =
            "select j.id from tutti.job j where j.data = '{\"rolledBack\": true}' limit 1";
    private static final String ATTEMPTS = "select count(*) from faults_attempt";

    private JobSessions() {}

    static boolean create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(TABLES);
        }
    }

    /** Enqueues one of that kind in a transaction that is committed, or not. */
    static long enqueue(Connection connection, String kind, boolean commits) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(ENQUEUE)) {
            statement.setString(1, kind);
            statement.setBoolean(2, !commits);
            long id;
            try (ResultSet row = statement.executeQuery()) {
                boolean there = row.next();
                assert there;
                id = row.getLong(1);
            }
            if (commits) {
                connection.commit();
            } else {
                connection.rollback();
            }
            return id;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** An attempt at a job that was run more than once so far; empty if there is none. */
    static Optional<String> repeated(Connection connection) throws SQLException {
        return first(connection, TWICE, "attempt %2$s at job %1$s was run %3$s times");
    }

    /** An effect of an older attempt after one of a newer attempt; empty if there is none. */
    static Optional<String> late(Connection connection) throws SQLException {
        return first(connection, LATE, "attempt %2$s at job %1$s had effect after attempt %3$s");
    }

    /** One of {@code jobs} that is not completed, or has had no effect. */
    static Optional<String> undone(Connection connection, List<Long> jobs) throws SQLException {
        return first(connection, UNDONE, "job %s is %s; has it had effect: %s", jobs);
    }

    /** A job that is there although its transaction was rolled back. */
    static Optional<String> rolledBack(Connection connection) throws SQLException {
        return first(connection, ROLLED_BACK, "job %s is there, and its transaction was rolled back");
    }

    static int attempts(Connection connection) throws SQLException {
        return Integer.parseInt(first(connection, ATTEMPTS, "%s").orElseThrow());
    }

    @SafeVarargs
    private static Optional<String> first(Connection connection, String query, String text, List<Long>... jobs)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < jobs.length; i++) {
                statement.setArray(i + 1, connection.createArrayOf("bigint", jobs[i].toArray()));
            }
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                Object[] cells = new Object[rows.getMetaData().getColumnCount()];
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = rows.getString(i + 1);
                }
                return Optional.of(text.formatted(cells));
            }
        }
    }
}
