package dev.tutti.postgres.job;

import dev.tutti.job.Cron;
import java.sql.Connection;
import java.time.Instant;

/** A job that is enqueued again and again. */
final class JobCron implements JobSchedule.Task {
    private final Cron cron;
    private final CronTimes times;
    private final JobTable jobs;

    /**
     * The job of {@code cron}, which {@code jobs} enqueues.
     *
     * @throws IllegalArgumentException if its expression cannot be read
     */
    JobCron(Cron cron, JobTable jobs) {
        this.cron = cron;
        this.jobs = jobs;
        this.times = new CronTimes(cron.expression(), cron.zone());
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
        return times.after(now);
    }

    @Override
    public Instant latest(Instant now) {
        return first(first(now));
    }

    @Override
    public Instant run(Connection transaction, Instant due, Instant now) {
        long id = jobs.enqueue(transaction, cron.job());
        assert id > 0;
        return first(now);
    }
}
