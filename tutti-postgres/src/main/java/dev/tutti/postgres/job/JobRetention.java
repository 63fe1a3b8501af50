package dev.tutti.postgres.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Deletes jobs that ended long ago, and their streams: once a minute, or at once again while there are more than it deletes at a time.
 * Once a minute crons are counted, too, that are due and that no instance has.
 */
final class JobRetention implements JobSchedule.Task {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int BATCH = 2_000;

    private final Duration retention;

    JobRetention(Duration retention) {
        this.retention = retention;
    }

    @Override
    public String name() {
        return "tutti:retention"; // which no cron is called
    }

    @Override
    public String definition() {
        return "";
    }

    @Override
    public Instant first(Instant now) {
        return now;
    }

    @Override
    public Instant latest(Instant now) {
        return now.plus(INTERVAL.multipliedBy(2)); // another instance may have done it just now
    }

    @Override
    public Instant run(Connection transaction, Instant due, Instant now) throws SQLException {
        long deleted = JobTable.delete(transaction, retention, BATCH);
        if (deleted == BATCH) {
            return now;
        }
        int missed = JobSchedule.miss(transaction);
        assert missed >= 0;
        return now.plus(INTERVAL);
    }
}
