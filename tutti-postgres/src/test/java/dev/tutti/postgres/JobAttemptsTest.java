package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.job.Job;
import dev.tutti.job.JobContext;
import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.postgres.job.PostgresJobs;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Attempts at jobs whose runners die, stand still or do not hear of them. */
class JobAttemptsTest extends AbstractJobsTest {
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
    }

    /** Gives a job a runner that is not alive, as if its own had stood still. */
    private void standStill(long id) throws SQLException {
        instances.database.execute("update tutti.job set runner = gen_random_uuid() where id = " + id);
    }

    @Test
    void anOutdatedAttemptIsStoppedAndHasNoEffect() throws Exception {
        instances.database.execute("create table effect (attempt int)");
        List<JobContext> contexts = new CopyOnWriteArrayList<>();
        JobHandler handler = job -> {
            contexts.add(job);
            if (job.attempt() == 1) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException outdated) {
                    assertThatThrownBy(() -> effect(job)).satisfies(AbstractJobsTest::isOutdated);
                    ran.add("refused");
                    released.countDown();
                }
            } else {
                released.await();
                effect(job);
            }
        };
        Jobs a = instances.runner("pay", JobOptions.DEFAULT, handler);
        instances.runner("pay", JobOptions.DEFAULT, handler);
        long id = a.enqueue(JobRequest.of("pay", DATA));
        await().atMost(PATIENCE).until(() -> contexts.size() == 1);

        standStill(id);
        await().atMost(PATIENCE).until(() -> ran.contains("refused"));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(a.find(id).orElseThrow().state()).isEqualTo(JobState.COMPLETED));

        assertThat(instances.database.value("select string_agg(attempt::text, ',') from effect"))
                .isEqualTo("2");
        assertThatThrownBy(() -> contexts.getFirst().progress(DATA)).satisfies(AbstractJobsTest::isOutdated);
        assertThat(a.find(id).orElseThrow().attempt()).isEqualTo(2);
    }

    @Tag("slow")
    @Test
    void aRunnerThatDiesBetweenClaimAndStartIsReplacedWithinTenSeconds() throws SQLException {
        Jobs a = instances.client();
        long id = a.enqueue(JobRequest.of("pay", DATA));
        UUID dead = instances.silentRunner();
        assertThat(instances.claimed(dead, "pay")).isEqualTo(id + " 1");

        instances.runner("pay", JobOptions.DEFAULT, job -> ran.add("attempt " + job.attempt()));

        await().atMost(Duration.ofSeconds(10)).until(() -> ran.contains("attempt 2"));
        JobInstances.awaitCompleted(a, id);
        assertThat(instances.claimed(dead, "pay"))
                .as("of one that is taken for dead")
                .isEqualTo("nothing");
    }

    @Test
    void ofEndsThatAreWrittenTogetherOnlyTheOutdatedAndTheLockedAreRefused() throws Exception {
        Jobs a = instances.client();
        UUID runner = instances.silentRunner();
        long good = a.enqueue(JobRequest.of("pay", DATA));
        long outdated = a.enqueue(JobRequest.of("pay", DATA));
        long locked = a.enqueue(JobRequest.of("pay", DATA));
        assertThat(instances.claimed(runner, "pay")).contains(good + " 1", outdated + " 1", locked + " 1");
        String ends = "select string_agg(id || ' ' || state, ', ' order by id) from tutti.end_jobs(array[" + good + ", "
                + outdated + ", " + locked + "], array[1, 2, 1], array_fill(null::text, array[3]),"
                + " array_fill(0::float8, array[3]), array_fill(true, array[3]))";

        try (Connection transaction = instances.database.pool().getConnection();
                Statement statement = transaction.createStatement()) {
            transaction.setAutoCommit(false);
            statement.execute("select from tutti.job where id = " + locked + " for update");
            assertThat(instances.database.value(ends)).isEqualTo(good + " completed, " + locked + " locked");
            transaction.rollback();
        }

        assertThat(instances.database.value(ends)).isEqualTo(locked + " completed");
        assertThat(a.find(outdated).orElseThrow().state()).isEqualTo(JobState.RUNNING);
        assertThat(instances.events(Job.stream(good))).containsExactly("pending", "running", "completed");
        assertThat(instances.events(Job.stream(outdated))).containsExactly("pending", "running");
    }

    @Test
    void aJobThatWasClaimedWithoutTheRunnerHearingOfItBeginsAgain() throws Exception {
        JobOptions limited = JobOptions.DEFAULT.withConcurrency(5);
        Jobs a = instances.runner("narrow", limited, job -> ran.add(job.id() + " " + job.attempt()));
        await().atMost(PATIENCE)
                .until(() -> instances
                        .database
                        .value("select count(*) from tutti.job_runner")
                        .equals("1"));
        long unheard;
        try (Connection transaction = instances.database.pool().getConnection();
                Statement statement = transaction.createStatement()) {
            transaction.setAutoCommit(false);
            statement.execute("select from tutti.job_kind for update"); // for which its claims wait
            unheard = a.enqueue(JobRequest.of("narrow", DATA));
            await().atMost(PATIENCE).until(() -> !waitingClaim().equals("nothing"));
            instances.database.execute("update tutti.job set state = 'running', due = false, attempt = 1,"
                    + " max_attempts = 1, runner = (select id from tutti.job_runner) where id = " + unheard);

            instances.database.value("select pg_terminate_backend(" + waitingClaim() + ")");
            transaction.rollback();
        }

        JobInstances.awaitCompleted(a, unheard);
        assertThat(ran).containsExactly(unheard + " 2");
        assertThat(a.find(unheard).orElseThrow().failures()).isZero();
    }

    @Tag("slow")
    @Test
    void oneThatIsLockedWhenItsRunnerWantsToForgetItIsForgottenLater() throws Exception {
        Jobs a = instances.runner("pay", JobOptions.DEFAULT, job -> ran.add("attempt " + job.attempt()));
        await().atMost(PATIENCE).until(() -> !heartbeat().isEmpty());
        long unknown =
                a.enqueue(JobRequest.of("pay", DATA).withRunAt(Instant.now().plus(Duration.ofDays(1))));
        try (Connection turn = instances.database.pool().getConnection();
                Connection transaction = instances.database.pool().getConnection();
                Statement holding = turn.createStatement();
                Statement statement = transaction.createStatement()) {
            turn.setAutoCommit(false);
            holding.execute("select from tutti.turn where name = 'runners' for update"); // heartbeats wait
            transaction.setAutoCommit(false);
            instances.database.execute("update tutti.job set state = 'running', attempt = 1, max_attempts = 1,"
                    + " runner = (select id from tutti.job_runner) where id = " + unknown);
            statement.execute("select from tutti.job where id = " + unknown + " for update");
            turn.rollback();
            for (int beats = 0; beats < 3; beats++) {
                String last = heartbeat();
                await().atMost(PATIENCE).until(() -> !heartbeat().equals(last));
            }
            transaction.rollback();
        }

        JobInstances.awaitCompleted(a, unknown);
        assertThat(ran).containsExactly("attempt 2");
        assertThat(a.find(unknown).orElseThrow().failures()).isZero();
    }

    private double running() {
        return instances.meters.get(PostgresJobs.RUNNING).gauge().value();
    }

    private String heartbeat() throws SQLException {
        return instances.database.value("select coalesce(max(heartbeat)::text, '') from tutti.job_runner");
    }

    private String waitingClaim() throws SQLException {
        return instances.database.value("select pid from pg_stat_activity where datname = current_database()"
                + " and wait_event_type = 'Lock' and query like '%begin_attempts%' limit 1");
    }

    private void effect(JobContext job) throws SQLException {
        try (Connection transaction = instances.database.pool().getConnection()) {
            transaction.setAutoCommit(false);
            try (Statement statement = transaction.createStatement()) {
                int rows = job.fenced(
                        transaction,
                        on -> statement.executeUpdate("insert into effect values (" + job.attempt() + ")"));
                assertThat(rows).isEqualTo(1);
                transaction.commit();
            } finally {
                transaction.rollback();
            }
        }
    }

    @Test
    void noAttemptBeginsWhileAnEffectOfTheOneBeforeIsBeingCommitted() throws Exception {
        instances.database.execute("create table effect (attempt int)");
        CountDownLatch fenced = new CountDownLatch(1);
        JobHandler handler = job -> {
            ran.add("attempt " + job.attempt());
            if (job.attempt() == 1) {
                try (Connection transaction = instances.database.pool().getConnection()) {
                    transaction.setAutoCommit(false);
                    job.fenced(transaction, on -> {
                        fenced.countDown();
                        return 1;
                    });
                    awaitUnheard(released);
                    transaction.commit();
                }
            }
        };
        Jobs a = instances.runner("pay", JobOptions.DEFAULT, handler);
        long id = a.enqueue(JobRequest.of("pay", DATA));
        fenced.await();

        standStill(id);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(a.find(id).orElseThrow().state()).isEqualTo(JobState.PENDING));
        assertThat(instances.claimed(instances.silentRunner(), "pay")).isEqualTo("nothing");
        ran.add("looked");
        released.countDown();

        JobInstances.awaitCompleted(a, id);
        assertThat(ran).containsExactly("attempt 1", "looked", "attempt 2");
    }

    @Test
    void withoutATransactionNothingIsFenced() throws Exception {
        Jobs a = instances.runner("pay", JobOptions.DEFAULT, job -> {
            try (Connection byItself = instances.database.pool().getConnection()) {
                ran.add(job.fenced(byItself, _ -> "done"));
            } catch (IllegalArgumentException refused) {
                ran.add(String.valueOf(refused.getMessage()));
            }
        });

        JobInstances.awaitCompleted(a, a.enqueue(JobRequest.of("pay", DATA)));

        assertThat(ran).singleElement().asString().contains("a transaction is needed");
    }

    @Tag("slow")
    @Test
    void oneThatDoesNotEndWhenItsRunnerLeavesIsAnothersAndHasNotFailed() throws Exception {
        JobOptions once = JobOptions.DEFAULT.withAttempts(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        PostgresJobs leaving = instances.instance(
                1,
                jobs -> jobs.register("slow", once, job -> {
                    begun.countDown();
                    awaitUnheard(end);
                }));
        long id = leaving.enqueue(JobRequest.of("slow", DATA));
        begun.await();

        leaving.drain();
        assertThat(leaving.find(id).orElseThrow().state()).isEqualTo(JobState.PENDING);

        PostgresJobs other = instances.instance(1, jobs -> jobs.register("slow", once, job -> {}));
        JobInstances.awaitCompleted(other, id);
        assertThat(other.find(id).orElseThrow().failures()).isZero();
        end.countDown();
    }

    @Tag("slow")
    @Test
    void oneThatIsLateAndDoesNotEndWhenItsRunnerLeavesHasFailed() {
        JobOptions once = JobOptions.DEFAULT.withAttempts(1).withTimeout(Duration.ofMillis(1));
        PostgresJobs leaving = instances.runner("endless", once, job -> {
            ran.add("attempt " + job.attempt());
            awaitUnheard(released);
        });
        long id = leaving.enqueue(JobRequest.of("endless", DATA));
        await().atMost(PATIENCE).until(() -> ran.size() == 1);

        leaving.drain();

        Job job = leaving.find(id).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.error()).isEqualTo("took longer than it may, and its runner left");
    }

    @Tag("slow")
    @Test
    void oneWhoseEndCannotBeWrittenAgainAndAgainFailsInTheEnd() throws SQLException {
        Jobs a = instances.runner("pay", JobOptions.DEFAULT.withAttempts(1), job -> {
            ran.add("attempt " + job.attempt());
            released.await();
        });
        long id = a.enqueue(JobRequest.of("pay", DATA));
        await().atMost(PATIENCE).until(() -> ran.size() == 1);
        instances.database.execute("update tutti.job set cut_offs = 9 where id = " + id);

        try (Connection transaction = instances.database.pool().getConnection();
                Statement statement = transaction.createStatement()) {
            transaction.setAutoCommit(false);
            statement.execute("select from tutti.job where id = " + id + " for update");
            released.countDown();
            await().atMost(PATIENCE.multipliedBy(2)).until(() -> running() == 0);
            transaction.rollback();
        }

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(a.find(id).orElseThrow().state()).isEqualTo(JobState.FAILED));
        Job job = a.find(id).orElseThrow();
        assertThat(job.error()).isEqualTo("its end could not be written; 10 attempts have ended so");
        assertThat(job.failures()).isZero();
        assertThat(ran).containsExactly("attempt 1");
    }

    @Test
    void aJobThatKillsItsRunnersFailsInTheEnd() throws SQLException {
        Jobs a = instances.client();
        long id = a.enqueue(JobRequest.of("bomb", DATA).withAttempts(2));
        UUID runner = instances.silentRunner();
        for (int i = 1; i <= 2; i++) {
            assertThat(instances.claimed(runner, "bomb")).isEqualTo(id + " " + i);
            standStill(id);
            instances.database.value("select tutti.beat_runner('" + runner + "', interval '1 hour')");
        }

        Job job = a.find(id).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.error()).isEqualTo("its runner died, or was taken for dead");
        assertThat(job.attempt()).isEqualTo(2);
    }
}
