package dev.tutti.faults;

import dev.tutti.job.JobContext;
import dev.tutti.job.JobOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The jobs of the bench: each notes that an attempt at it has begun, and then what it has done, in a fenced transaction. It thinks
 * in the middle of that, so that a process that stands still often does so after it has looked and before it writes. Safe for
 * use by many threads.
 */
final class CarelessJob {
    /** However many runners die, the bench's jobs are to be done in the end. */
    static final JobOptions OPTIONS =
            JobOptions.DEFAULT.withAttempts(100).withBackoff(Duration.ofMillis(100), Duration.ofSeconds(1));

    private static final Duration LONG_THOUGHT = Duration.ofMillis(150);
    private static final Duration THOUGHT = Duration.ofMillis(20); // with a connection that others want, too
    private static final String BEGIN = "insert into faults_attempt (job, attempt) values (?, ?)";
    private static final String DO = "insert into faults_job_effect (job, attempt) values (?, ?)";
    private static final String DO_ONCE = "insert into faults_job_done (job) values (?) on conflict do nothing";

    private final DataSource database;

    CarelessJob(DataSource database) {
        this.database = database;
    }

    void run(JobContext job) throws SQLException {
        try (Connection connection = database.getConnection()) {
            int begun = insert(connection, BEGIN, job.id(), job.attempt());
            assert begun == 1;
        }
        think(LONG_THOUGHT);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                int done = job.fenced(connection, open -> effect(open, job));
                assert done <= 1;
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static int effect(Connection transaction, JobContext job) throws SQLException {
        think(THOUGHT);
        int noted = insert(transaction, DO, job.id(), job.attempt());
        assert noted == 1;
        return insert(transaction, DO_ONCE, job.id());
    }

    private static int insert(Connection connection, String sql, long... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setLong(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** As careless code does: it does not listen, and goes on with what it has begun. */
    private static void think(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException unheard) {
            // only the fence keeps it from being written
        }
    }
}
