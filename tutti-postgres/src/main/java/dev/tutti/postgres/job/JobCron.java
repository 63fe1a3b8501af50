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
    public Instant latest(Instant now) {
        return first(first(now));
    }

    /**
     * The next time is reckoned from the one that was due: where clocks are put back, an hour comes twice, and what was done in the first
     * of the two is left out of the second only if it is asked for what follows that very time.
     */
    @Override
    public Instant run(Connection transaction, Instant due, Instant now) {
        long id = jobs.enqueue(transaction, cron.job());
        assert id > 0;
        Instant next = first(due);
        return next.isAfter(now) ? next : first(now);
    }
}
