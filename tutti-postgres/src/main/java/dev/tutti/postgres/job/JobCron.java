package dev.tutti.postgres.job;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import dev.tutti.job.Cron;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A job that is enqueued again and again. The row that says when is moved on in the transaction that enqueues, by the instance
 * that has picked it: so each time it is enqueued once.
 */
final class JobCron {
    private static final String PREFIX = "cron:";
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Pattern FIELDS = Pattern.compile("\\s+");
    private static final int WITH_SECONDS = 6;

    private static final Sql ANNOUNCE = new Sql("""
            insert into tutti.job_execution as e
                (task_name, task_instance, execution_time, picked, version, priority, definition)
            values (?, 'cron', ?, false, 1, 1000, ?)
            on conflict (task_name, task_instance) do update
            set execution_time = excluded.execution_time, definition = excluded.definition, picked = false,
                picked_by = null, last_heartbeat = null, version = e.version + 1
            where e.definition is distinct from excluded.definition
            """);

    private static final Sql MOVE = new Sql("""
            update tutti.job_execution e
            set execution_time = ?, picked = false, picked_by = null, last_heartbeat = null, version = e.version + 1
            where e.task_name = ? and e.task_instance = 'cron' and e.picked and e.picked_by = ? and e.version = ?
            """);

    private final Cron cron;
    private final Schedule schedule;
    private final Database database;
    private final JobTable jobs;

    /**
     * That one.
     *
     * @throws IllegalArgumentException if its expression cannot be read
     */
    JobCron(Cron cron, Database database, JobTable jobs) {
        this.cron = cron;
        this.database = database;
        this.jobs = jobs;
        boolean seconds = FIELDS.split(cron.expression().strip()).length >= WITH_SECONDS;
        this.schedule = new CronSchedule(cron.expression(), cron.zone(), seconds ? CronStyle.SPRING53 : CronStyle.UNIX);
    }

    /** In the cluster, from {@code now} on, unless it is known already. */
    void announce(Instant now) {
        String definition = cron.expression() + " " + cron.zone().getId();
        database.statement(connection -> ANNOUNCE.update(connection, name(), next(now), definition));
    }

    private String name() {
        return PREFIX + cron.name();
    }

    private OffsetDateTime next(Instant now) {
        return OffsetDateTime.ofInstant(schedule.getInitialExecutionTime(now), ZoneOffset.UTC);
    }

    /** As db-scheduler knows it. */
    Task<Void> task(Supplier<Instant> clock) {
        return Tasks.custom(name(), Void.class)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(PAUSE))
                .onDeadExecutionRevive()
                .execute((_, context) -> {
                    enqueue(context.getExecution(), clock.get());
                    return JobKind.decidedAlready();
                });
    }

    private void enqueue(Execution picked, Instant now) {
        Instant base = now.isAfter(picked.executionTime) ? now : picked.executionTime;
        long moved = database.transaction(connection -> {
            int rows = MOVE.update(connection, next(base), name(), picked.pickedBy, picked.version);
            return rows == 1 ? jobs.enqueue(connection, cron.job()) : 0;
        });
        assert moved >= 0;
    }
}
