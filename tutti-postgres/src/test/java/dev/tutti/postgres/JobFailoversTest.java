package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.tutti.job.Job;
import dev.tutti.job.JobContext;
import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.postgres.job.PostgresJobs;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attempts at jobs of which a database that was promoted has not heard, and those whose runner cannot reach the database. */
class JobFailoversTest extends AbstractJobsTest {
    private final List<JobContext> begun = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch second = new CountDownLatch(1);

    @AfterEach
    void release() {
        first.countDown();
        second.countDown();
    }

    private void awaitBegun(int attempts) {
        await().atMost(PATIENCE).until(() -> begun.size() == attempts);
    }

    @Test
    void anAttemptWhoseNumberIsGivenAgainIsRefusedAndTheOtherOneIsNot() throws Exception {
        instances.database.execute("create table effect (n int)");
        JobHandler busy = job -> {
            begun.add(job);
            awaitUnheard(begun.size() == 1 ? first : second);
        };
        Jobs a = instances.runner("pay", JobOptions.DEFAULT, busy);
        long id = a.enqueue(JobRequest.of("pay", DATA));
        awaitBegun(1);

        instances.database.execute("update tutti.job set state = 'pending', due = true, attempt = 0, runner = null,"
                + " claim = null where id = " + id); // as it is at a replica that has not heard of the claim
        awaitBegun(2);
        JobContext forgotten = begun.getFirst();
        JobContext current = begun.getLast();
        assertThat(begun).extracting(JobContext::attempt).containsExactly(1, 1);
        assertThatThrownBy(() -> effect(forgotten)).satisfies(AbstractJobsTest::isOutdated);
        assertThatThrownBy(() -> forgotten.progress(DATA)).satisfies(AbstractJobsTest::isOutdated);
        first.countDown();
        await().atMost(PATIENCE)
                .until(() -> !instances
                        .meters
                        .find(PostgresJobs.RUNS)
                        .tag("state", "outdated")
                        .timers()
                        .isEmpty());
        effect(current);
        current.progress(DATA);
        second.countDown();

        JobInstances.awaitCompleted(a, id);
        assertThat(instances.database.value("select count(*) from effect")).isEqualTo("1");
    }

    private void effect(JobContext job) throws SQLException {
        try (Connection transaction = instances.database.pool().getConnection();
                Statement statement = transaction.createStatement()) {
            transaction.setAutoCommit(false);
            try {
                int rows = job.fenced(transaction, _ -> statement.executeUpdate("insert into effect values (1)"));
                assertThat(rows).isEqualTo(1);
                transaction.commit();
            } finally {
                transaction.rollback();
            }
        }
    }

    @Test
    void anAttemptIsStoppedWhenAnotherClaimHasItsNumberAndItsRunner() throws SQLException {
        Jobs a = instances.runner("pay", JobOptions.DEFAULT, job -> {
            begun.add(job);
            if (job.attempt() == 1) {
                first.await();
            }
        });
        long id = a.enqueue(JobRequest.of("pay", DATA));
        awaitBegun(1);

        instances.database.execute("update tutti.job set claim = gen_random_uuid() where id = " + id);

        JobInstances.awaitCompleted(a, id);
        assertThat(begun).extracting(JobContext::attempt).containsExactly(1, 2);
        assertThat(begun.getFirst().isCancelled()).isTrue();
        assertThat(a.find(id).orElseThrow().failures())
                .as("the claim that nobody knew was forgotten")
                .isZero();
    }

    @Test
    void aRunnerThatCannotSayThatItIsAliveStopsItsAttempts() throws Exception {
        Jobs a = instances.runner("slow", JobOptions.DEFAULT.withAttempts(1), job -> {
            begun.add(job);
            if (job.attempt() == 1) {
                try {
                    second.await();
                } catch (InterruptedException stopped) {
                    first.countDown();
                    job.check();
                }
            }
        });
        long id = a.enqueue(JobRequest.of("slow", DATA));
        awaitBegun(1);
        assertThat(begun.getFirst().isCancelled()).isFalse();

        try (Connection turn = instances.database.pool().getConnection();
                Statement holding = turn.createStatement()) {
            turn.setAutoCommit(false);
            holding.execute("select from tutti.turn where name = 'runners' for update"); // heartbeats wait
            assertThat(first.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(begun.getFirst().isCancelled()).isTrue();
            assertThatThrownBy(begun.getFirst()::check)
                    .satisfies(AbstractJobsTest::isOutdated)
                    .hasMessageContaining("cannot reach the database");
            turn.rollback();
        }

        JobInstances.awaitCompleted(a, id);
        assertThat(begun).extracting(JobContext::attempt).containsExactly(1, 2);
        assertThat(a.find(id).orElseThrow().failures()).as("nobody was dead").isZero();
    }

    @Test
    void aJobWhoseRunnersAreCutOffAgainAndAgainFailsInTheEnd() throws SQLException {
        Jobs a = instances.runner("slow", JobOptions.DEFAULT.withAttempts(1), job -> {
            begun.add(job);
            if (job.attempt() == 1) {
                second.await();
            }
        });
        long id = a.enqueue(JobRequest.of("slow", DATA));
        awaitBegun(1);
        instances.database.execute("update tutti.job set cut_offs = 9 where id = " + id);

        try (Connection turn = instances.database.pool().getConnection();
                Statement holding = turn.createStatement()) {
            turn.setAutoCommit(false);
            holding.execute("select from tutti.turn where name = 'runners' for update"); // heartbeats wait
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(a.find(id).orElseThrow().state()).isEqualTo(JobState.FAILED));
            turn.rollback();
        }

        Job failed = a.find(id).orElseThrow();
        assertThat(failed.error()).isEqualTo("its runner was cut off from the database; 10 attempts have ended so");
        assertThat(failed.failures()).isZero();
        assertThat(a.retry(id)).isTrue();
        JobInstances.awaitCompleted(a, id);
        assertThat(instances.database.value("select cut_offs from tutti.job where id = " + id))
                .isEqualTo("0");
    }

    @Test
    void beingCutOffIsNoFailureAndHasABoundOfItsOwn() throws SQLException {
        Jobs a = instances.client();
        UUID runner = instances.silentRunner();
        long usual = a.enqueue(JobRequest.of("pay", DATA).withAttempts(2));
        long patient = a.enqueue(JobRequest.of("pay", DATA).withAttempts(12));

        for (int i = 1; i <= 12; i++) {
            assertThat(instances.claimed(runner, "pay")).contains(patient + " " + i);
            instances.database.value("select count(*) from tutti.end_attempts(array[" + usual + ", " + patient + "],"
                    + " array[" + i + ", " + i + "], null, array['cut off', 'cut off'],"
                    + " array[0::float8, 0::float8], array[false, false], array[true, true])");
        }

        assertThat(List.of(a.find(usual).orElseThrow(), a.find(patient).orElseThrow()))
                .extracting(Job::state, Job::attempt, Job::failures)
                .containsExactly(tuple(JobState.FAILED, 10, 0), tuple(JobState.FAILED, 12, 0));
    }

    @Test
    void anInstanceOfTheReleaseBeforeBeginsAndEndsJobsBesideThese() throws SQLException {
        Jobs a = instances.client();
        UUID before = instances.silentRunner();
        long id = a.enqueue(JobRequest.of("pay", DATA));

        assertThat(instances.claimed(before, "pay")).isEqualTo(id + " 1");
        assertThat(instances.database.value("select id || ' ' || attempt || ' ' || cancel_asked"
                        + " from tutti.beat_runner('" + before + "', interval '5 s')"))
                .isEqualTo(id + " 1 false");
        assertThat(instances.database.value("select tutti.progress_job(" + id + ", 1, '{\"row\": 50}')"))
                .isEqualTo("f");
        assertThat(instances.database.value("select state from tutti.end_jobs(array[" + id + "], array[1],"
                        + " array['it left'], array[0::float8], array[false])"))
                .isEqualTo("pending");

        instances.runner("pay", JobOptions.DEFAULT, job -> begun.add(job));
        JobInstances.awaitCompleted(a, id);
        assertThat(begun).extracting(JobContext::attempt).containsExactly(2);
        assertThat(begun.getFirst().lastProgress()).contains(Json.of("{\"row\": 50}"));
    }
}
