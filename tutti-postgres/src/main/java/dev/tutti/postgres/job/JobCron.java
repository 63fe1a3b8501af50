package dev.tutti.postgres.job;

import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import dev.tutti.job.Cron;
import java.sql.Connection;
import java.time.Instant;
import java.util.regex.Pattern;

/** A job that is enqueued again and again. */
final class JobCron implements JobSchedule.Task {
    private static final Pattern FIELDS = Pattern.compile("\\s+");
    private static final int WITH_SECONDS = 6;

    private final Cron cron;
    private final CronSchedule schedule;
    private final JobTable jobs;

    /**
     * That one.
     *
     * @throws IllegalArgumentException if its expression cannot be read
     */
    JobCron(Cron cron, JobTable jobs) {
        this.cron = cron;
        this.jobs = jobs;
        boolean seconds = FIELDS.split(cron.expression().strip()).length >= WITH_SECONDS;
        this.schedule = new CronSchedule(cron.expression(), cron.zone(), seconds ? CronStyle.SPRING53 : CronStyle.UNIX);
    }

    @Override
    public String name() {
        return cron.name();
    }

    @Override
    public String definition() {
        return cron.expression() + " " + cron.zone().getId();
    }

    @Override
    public Instant first(Instant now) {
        return schedule.getInitialExecutionTime(now);
    }

    @Override
    public Instant run(Connection transaction, Instant now) {
        long id = jobs.enqueue(transaction, cron.job());
        assert id > 0;
        return first(now);
    }
}
