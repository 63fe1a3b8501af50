package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.job.Cron;
import dev.tutti.job.Job;
import dev.tutti.job.JobContext;
import dev.tutti.job.JobFilter;
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
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several instances that run jobs do with each other. */
class JobRunnersTest {
    private static final Duration PATIENCE = JobInstances.PATIENCE;
    private static final Json DATA = Json.of("{\"n\": 1}");

    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private JobInstances instances;

    @BeforeEach
    void open() throws SQLException {
        instances = new JobInstances();
    }

    @AfterEach
    void close() throws SQLException {
        released.countDown();
        instances.close();
    }

    @Test
    void asManyOfAKindRunAtATimeAsMayInTheClusterAndAllOfThemInTheEnd() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        JobHandler handler = job -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            job.progress(DATA); // which takes a while
            running.decrementAndGet();
        };
        Jobs a = instances.runner("narrow", JobOptions.DEFAULT.withConcurrency(2), handler);
        instances.runner("narrow", JobOptions.DEFAULT.withConcurrency(2), handler);

        for (int i = 0; i < 60; i++) {
            a.enqueue(JobRequest.of("narrow", DATA).withBatch("all"));
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(a.batch("all")).containsEntry(JobState.COMPLETED, 60L));
        assertThat(most).hasValue(2);
    }

    @Test
    void thoseThatWaitForALimitBeginWhenItIsTakenAway() throws SQLException {
        Jobs a = instances.client();
        instances.database.execute("insert into tutti.job_kind values ('narrow', 1)");
        long first = a.enqueue(JobRequest.of("narrow", DATA));
        instances.database.execute("update tutti.job set state = 'running' where id = " + first);
        long second = a.enqueue(JobRequest.of("narrow", DATA));
        instances.database.value(
                "with p as (update tutti.job_execution set picked = true, picked_by = 'x' where task_instance = '"
                        + second + "' returning version) select tutti.begin_job(" + second
                        + ", 'narrow', p.version, 'x', 3) from p");
        instances.database.value("select tutti.begin_job(" + second
                + ", 'narrow', version, 'x', 3) from tutti.job_execution where task_instance = '" + second + "'");
        assertThat(instances.database.value("select waiting from tutti.job where id = " + second))
                .isEqualTo("t");

        instances.database.execute("delete from tutti.job_kind");
        instances.database.value("select tutti.release_jobs()");

        assertThat(instances.database.value(
                        "select execution_time <= now() from tutti.job_execution where task_instance = '" + second
                                + "'"))
                .isEqualTo("t");
    }

    @Test
    void aCronEnqueuesOnceInTheCluster() throws SQLException {
        Cron each = new Cron("each-second", "* * * * * *", ZoneId.of("Europe/Berlin"), JobRequest.of("tick", DATA));
        JobHandler handler = job -> ran.add(Long.toString(job.id()));
        PostgresJobs a = instances.instance(2, jobs -> {
            jobs.register("tick", JobOptions.DEFAULT, handler);
            jobs.cron(each);
        });
        instances.instance(2, jobs -> {
            jobs.register("tick", JobOptions.DEFAULT, handler);
            jobs.cron(each);
        });

        await().atMost(PATIENCE).until(() -> ran.size() >= 4);
        a.drain();

        assertThat(
                        instances.database.value(
                                "select count(*) <= extract(epoch from max(created_at) - min(created_at)) + 1.9 from tutti.job"))
                .as("one each second")
                .isEqualTo("t");
    }

    @Test
    void aCronsExpressionIsReadInItsZoneAndWhenItIsDeclared() throws SQLException {
        instances.instance(1, jobs -> {
            jobs.cron(new Cron("night", "30 3 * * *", ZoneId.of("Asia/Kolkata"), JobRequest.of("tick", DATA)));
            assertThatThrownBy(() ->
                            jobs.cron(new Cron("wrong", "61 3 * * *", ZoneId.of("UTC"), JobRequest.of("tick", DATA))))
                    .isInstanceOf(IllegalArgumentException.class);
        });

        assertThat(instances.database.value("select execution_time at time zone 'UTC' from tutti.job_execution"
                        + " where task_name = 'cron:night'"))
                .endsWith(" 22:00:00");
    }

    @Test
    void whatAnInstanceThatLeavesDoesNotFinishAnotherOneDoesWithoutItsBeingAFailure() {
        PostgresJobs a = instances.runner("long", JobOptions.DEFAULT.withAttempts(1), job -> {
            ran.add("a " + job.attempt());
            released.await();
        });
        long id = a.enqueue(JobRequest.of("long", DATA));
        await().atMost(PATIENCE).until(() -> ran.contains("a 1"));
        instances.runner("long", JobOptions.DEFAULT.withAttempts(1), job -> ran.add("b " + job.attempt()));

        a.drain();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(a.find(id).orElseThrow().state()).isEqualTo(JobState.COMPLETED));
        assertThat(ran).containsExactly("a 1", "b 2");
        assertThat(a.find(id).orElseThrow().failures()).isZero();
    }

    /** Takes the heartbeats away from a job, as if its runner stood still. */
    private void standStill(long id) throws SQLException {
        instances.database.execute("update tutti.job_execution set version = version + 1,"
                + " last_heartbeat = last_heartbeat - interval '1 min' where task_instance = '" + id + "'");
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
                    assertThatThrownBy(() -> effect(job)).satisfies(JobRunnersTest::isOutdated);
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
        assertThatThrownBy(() -> contexts.getFirst().progress(DATA)).satisfies(JobRunnersTest::isOutdated);
        assertThat(a.find(id).orElseThrow().attempt()).isEqualTo(2);
    }

    /** Picks a job's execution for {@code runner}, and says in which version. */
    private long picked(long id, String runner) throws SQLException {
        instances.database.execute("update tutti.job_execution set picked = true, picked_by = '" + runner
                + "', version = version + 1 where task_instance = '" + id + "'");
        return Long.parseLong(
                instances.database.value("select version from tutti.job_execution where task_instance = '" + id + "'"));
    }

    private String begun(long id, long version, String runner) throws SQLException {
        return instances.database.value(
                "select attempt from tutti.begin_job(" + id + ", 'pay', " + version + ", '" + runner + "', 9)");
    }

    @Test
    void onePickBeginsOnceAndOneThatIsOutdatedNotAtAll() throws SQLException {
        long id = instances.client().enqueue(JobRequest.of("pay", DATA));
        long late = picked(id, "a");
        long now = picked(id, "b");

        assertThat(begun(id, late, "a")).isEqualTo("nothing");
        assertThat(begun(id, now, "a")).isEqualTo("nothing");
        assertThat(begun(id, now, "b")).isEqualTo("1");
        assertThat(begun(id, now, "b")).isEqualTo("nothing");
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

    private static void isOutdated(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_LOST));
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
                    released.await();
                    transaction.commit();
                }
            }
        };
        Jobs a = instances.runner("pay", JobOptions.DEFAULT, handler);
        long id = a.enqueue(JobRequest.of("pay", DATA));
        fenced.await();

        String begun = instances.database.value(
                "with p as (update tutti.job_execution set version = version + 1, picked_by = 'x'"
                        + " where task_instance = '" + id + "' returning version) select 1 from p");
        assertThat(begun).isEqualTo("1");
        assertThat(instances.database.value("select (tutti.begin_job(" + id + ", 'pay', version, 'x', 5)).attempt"
                        + " from tutti.job_execution where task_instance = '" + id + "'"))
                .isEqualTo("nothing");
        ran.add("looked");
        released.countDown();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(a.find(id).orElseThrow().state()).isEqualTo(JobState.COMPLETED));
        assertThat(ran).containsExactly("attempt 1", "looked");
    }

    @Test
    void aJobThatKillsItsRunnersFailsInTheEnd() throws SQLException {
        Jobs a = instances.client();
        long id = a.enqueue(JobRequest.of("bomb", DATA).withAttempts(2));
        for (int i = 0; i < 3; i++) {
            instances.database.value("with p as (update tutti.job_execution set picked = true, picked_by = 'x',"
                    + " version = version + 1 where task_instance = '" + id + "' returning version) select 1 from p");
            instances.database.value("select tutti.begin_job(" + id + ", 'bomb', version, 'x', 9)"
                    + " from tutti.job_execution where task_instance = '" + id + "'");
        }

        Job job = a.find(id).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.error()).isEqualTo("its runner died, or was taken for dead");
        assertThat(job.attempt()).isEqualTo(2);
    }

    @Test
    void kindsThatAnInstanceDoesNotKnowAreLeftToOthers() {
        Jobs a = instances.runner("known", JobOptions.DEFAULT, job -> ran.add("known"));
        long unknown = a.enqueue(JobRequest.of("new", DATA));
        a.enqueue(JobRequest.of("known", DATA));
        await().atMost(PATIENCE).until(() -> ran.contains("known"));

        instances.runner("new", JobOptions.DEFAULT, job -> ran.add("new"));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(a.find(unknown).orElseThrow().state()).isEqualTo(JobState.COMPLETED));
    }

    @Test
    void thoseThatEndedLongAgoAreDeletedByOneInstance() throws SQLException {
        Jobs a = instances.client();
        a.cancel(a.enqueue(JobRequest.of("mail", DATA)));
        long kept = a.enqueue(JobRequest.of("mail", DATA));
        instances.database.execute(
                "update tutti.job set finished_at = now() - interval '8 days' where state = 'failed'");

        instances.runner("other", JobOptions.DEFAULT, job -> {});

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(a.list(JobFilter.ALL)).extracting(Job::id).containsExactly(kept));
    }
}
