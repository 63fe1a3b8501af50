package dev.tutti.faults.cluster;

import dev.tutti.embedded.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A program that enqueues jobs by SQL and looks at them, and connects again when PostgreSQL was away. For one thread at a time. */
public final class JobSampler implements AutoCloseable {
    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private final EmbeddedDatabase database;
    private @Nullable Connection connection;

    JobSampler(EmbeddedDatabase database) {
        this.database = database;
    }

    /**
     * Enqueues a job in a transaction that is committed, or rolled back if {@code commits} is false; nothing if it is not known
     * whether it was.
     */
    public Optional<Long> enqueue(String kind, boolean commits) {
        return asked(open -> Optional.of(JobSessions.enqueue(open, kind, commits)));
    }

    /** An attempt that was run twice; nothing while PostgreSQL is away. */
    public Optional<String> repeated() {
        return asked(JobSessions::repeated);
    }

    /** What an older attempt did after a newer one; nothing while PostgreSQL is away. */
    public Optional<String> late() {
        return asked(JobSessions::late);
    }

    /** A job that is there although its transaction was rolled back; nothing while PostgreSQL is away. */
    public Optional<String> rolledBack() {
        return asked(JobSessions::rolledBack);
    }

    /** One of {@code jobs} that is not completed or has had no effect; the like while PostgreSQL is away. */
    public Optional<String> undone(List<Long> jobs) {
        return asked(open -> Optional.of(JobSessions.undone(open, jobs)))
                .orElse(Optional.of("PostgreSQL does not say what became of the jobs"));
    }

    /** How many attempts have begun; nothing while PostgreSQL is away. */
    public Optional<Integer> attempts() {
        return asked(open -> Optional.of(JobSessions.attempts(open)));
    }

    private <T> Optional<T> asked(Question<Optional<T>> question) {
        try {
            return question.ask(connected());
        } catch (SQLException lost) {
            close();
            return Optional.empty();
        }
    }

    private Connection connected() throws SQLException {
        Connection current = connection;
        if (current == null) {
            Properties properties = new Properties();
            properties.setProperty("user", database.user());
            properties.setProperty("password", database.password());
            properties.setProperty("ApplicationName", "faults of jobs");
            properties.setProperty("socketTimeout", "10");
            current = DriverManager.getConnection(database.jdbcUrl(), properties);
            connection = current;
            JobSessions.create(current);
        }
        return current;
    }

    @Override
    public void close() {
        Connection last = connection;
        connection = null;
        if (last != null) {
            try {
                last.close();
            } catch (SQLException gone) {
                // as it shall be
            }
        }
    }
}
