package dev.tutti.core.job;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.job.Cron;
import dev.tutti.job.DeclaredCron;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobRunner;
import dev.tutti.job.JobState;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** No jobs: none of the instance's backends keeps any. There is nothing to start, and nothing to close. */
public final class NoJobs implements JobRunner {
    /** The one. */
    public NoJobs() {}

    @Override
    public void register(String kind, JobOptions options, JobHandler handler) {
        throw none();
    }

    @Override
    public void cron(Cron cron) {
        throw none();
    }

    @Override
    public void start() {
        // nothing was registered
    }

    @Override
    public long enqueue(JobRequest request) {
        throw none();
    }

    @Override
    public List<Long> enqueueAll(List<JobRequest> requests) {
        throw none();
    }

    @Override
    public long enqueue(Connection transaction, JobRequest request) {
        throw none();
    }

    @Override
    public Optional<Job> find(long id) {
        throw none();
    }

    @Override
    public List<Job> list(JobFilter filter) {
        throw none();
    }

    @Override
    public List<DeclaredCron> crons() {
        throw none();
    }

    @Override
    public Map<JobState, Long> batch(String name) {
        throw none();
    }

    @Override
    public boolean cancel(long id) {
        throw none();
    }

    @Override
    public boolean retry(long id) {
        throw none();
    }

    @Override
    public boolean isSound() {
        return true;
    }

    @Override
    public void drain() {
        // nothing runs
    }

    @Override
    public void close() {
        // nothing is held
    }

    private static TuttiException none() {
        return new TuttiException(ErrorCode.UNSUPPORTED, "none of the instance's backends keeps jobs");
    }
}
