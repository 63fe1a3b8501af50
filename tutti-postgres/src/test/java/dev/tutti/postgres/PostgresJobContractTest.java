package dev.tutti.postgres;

import dev.tutti.job.JobRunner;
import dev.tutti.tck.JobRandomRunContract;
import dev.tutti.tck.JobRunnerContract;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class PostgresJobContractTest implements JobRunnerContract, JobRandomRunContract {
    private JobInstances instances;

    @BeforeEach
    void open() throws SQLException {
        instances = new JobInstances();
    }

    @AfterEach
    void close() throws SQLException {
        instances.close();
    }

    @Override
    public JobRunner instance(int concurrency) {
        return instances.unstarted(concurrency, RETENTION);
    }

    @Override
    public void pass(Duration time) {
        instances.database.pass(time);
    }
}
