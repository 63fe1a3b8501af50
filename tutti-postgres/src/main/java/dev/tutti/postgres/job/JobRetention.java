package dev.tutti.postgres.job;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.time.Duration;

/** Deletes, once a minute by one instance of the cluster, jobs that ended long ago. */
final class JobRetention {
    private static final String NAME = "tutti:retention";
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int BATCH = 1_000;
    private static final int MOST_BATCHES = 100;

    private static final Sql ANNOUNCE = new Sql("""
            insert into tutti.job_execution (task_name, task_instance, execution_time, picked, version, priority)
            values (?, 'all', tutti.clock(), false, 1, 1000)
            on conflict do nothing
            """);

    private static final Sql RELEASE = new Sql("select tutti.release_jobs()");

    private final Database database;
    private final JobTable jobs;
    private final Duration retention;

    JobRetention(Database database, JobTable jobs, Duration retention) {
        this.database = database;
        this.jobs = jobs;
        this.retention = retention;
    }

    void announce() {
        database.statement(connection -> ANNOUNCE.update(connection, NAME));
    }

    /** As db-scheduler knows it. */
    Task<Void> task() {
        return Tasks.custom(NAME, Void.class)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(INTERVAL))
                .onDeadExecutionRevive()
                .execute((_, _) -> {
                    tidy();
                    return (complete, operations) -> operations.reschedule(
                            complete, complete.getTimeDone().plus(INTERVAL));
                });
    }

    /** Deletes what is due, in bounded steps, and lets those begin that wait without need. */
    void tidy() {
        database.transaction(connection -> RELEASE.first(connection, _ -> true));
        int batches = 0;
        while (jobs.delete(retention.toMillis() / 1_000.0, BATCH) == BATCH && batches < MOST_BATCHES) {
            batches++;
        }
    }
}
