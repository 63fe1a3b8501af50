package dev.tutti.postgres;

import dev.tutti.job.JobRunner;
import dev.tutti.tck.JobRandomRunContract;
import dev.tutti.tck.JobRunnerContract;
import java.time.Duration;

class PostgresJobContractTest extends AbstractJobsTest implements JobRunnerContract, JobRandomRunContract {
    @Override
    public JobRunner instance(int concurrency) {
        return instances.unstarted(concurrency, RETENTION);
    }

    @Override
    public void pass(Duration time) {
        instances.database.pass(time);
    }
}
