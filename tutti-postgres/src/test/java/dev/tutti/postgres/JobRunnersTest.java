package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.job.Cron;
import dev.tutti.job.DeclaredCron;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.postgres.job.PostgresJobs;
import dev.tutti.stream.Json;
import dev.tutti.testkit.fixture.OutageLines;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What several instances that run jobs do with each other. */
class JobRunnersTest extends AbstractJobsTest {
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @Test
    void thoseThatWaitForALimitBeginWhenItIsTakenAway() throws SQLException {
        Jobs a = instances.client();
        instances.database.execute("insert into tutti.job_kind values ('narrow', 1)");
        UUID runner = instances.silentRunner();
        long first = a.enqueue(JobRequest.of("narrow", DATA));
        long second = a.enqueue(JobRequest.of("narrow", DATA));
        assertThat(instances.claimed(runner, "narrow")).isEqualTo(first + " 1");
        assertThat(instances.claimed(runner, "narrow")).isEqualTo("nothing");

        instances.database.execute("delete from tutti.job_kind");

        assertThat(instances.claimed(runner, "narrow")).isEqualTo(second + " 1");
    }

    @Test
    void whoeverMayOnlyNotifyStopsNoJob() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Jobs a = instances.runner("careful", JobOptions.DEFAULT, job -> {
            try {
                while (!job.isCancelled() && !end.await(10, TimeUnit.MILLISECONDS)) {
                    Thread.onSpinWait();
                }
                ran.add("cancelled: " + job.isCancelled());
            } catch (InterruptedException stopped) {
                ran.add("interrupted");
            }
        });
        long id = a.enqueue(JobRequest.of("careful", DATA));
        await().atMost(PATIENCE).until(() -> a.find(id).orElseThrow().state() == JobState.RUNNING);

        instances.database.execute("notify tutti_job, '" + id + "'");

        for (int beats = 0; beats < 3; beats++) {
            String before = instances.database.value("select max(heartbeat) from tutti.job_runner");
            await().atMost(PATIENCE)
                    .until(() -> !instances
                            .database
                            .value("select max(heartbeat) from tutti.job_runner")
                            .equals(before));
        }
        end.countDown();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ran).containsExactly("cancelled: false"));
    }

    @Tag("slow")
    @Test
    void aUniqueKeyThatATransactionHoldsIsNotWaitedForForLong() throws SQLException {
        Jobs a = instances.client();
        JobRequest unique = JobRequest.of("reindex", DATA).withUniqueKey("all");
        try (Connection transaction = instances.database.pool().getConnection()) {
            transaction.setAutoCommit(false);
            long first = a.enqueue(transaction, unique);

            assertThatThrownBy(() -> a.enqueue(unique))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            locked -> assertThat(locked.code()).isEqualTo(ErrorCode.UNAVAILABLE));

            transaction.commit();
            assertThat(a.enqueue(unique)).isEqualTo(first);
        }
    }

    @Test
    void whatSomebodyElseMakesInTheSchemaPublicIsNotCalled() throws SQLException {
        instances.database.execute("create function public.taken(text, bigint) returns text language plpgsql"
                + " as 'begin raise exception ''taken over''; end'");
        instances.database.execute(
                "create operator public.|| (leftarg = text, rightarg = bigint, function = public.taken)");

        Jobs a = instances.client();

        assertThat(a.enqueueAll(List.of(JobRequest.of("tick", DATA), JobRequest.of("tick", DATA))))
                .hasSize(2);
    }

    @Test
    void aRunnerThatCannotClaimSaysSo() throws SQLException {
        PostgresJobs jobs = instances.runner("mail", JobOptions.DEFAULT, job -> ran.add(Long.toString(job.id())));
        assertThat(jobs.isSound()).isTrue();

        instances.database.execute("alter function tutti.begin_attempts rename to begin_none");

        await().atMost(PATIENCE).until(() -> !jobs.isSound());
        assertThat(instances.client().isSound()).as("it runs none").isTrue();
        instances.database.execute("alter function tutti.begin_none rename to begin_attempts");
        await().atMost(PATIENCE).until(jobs::isSound);
    }

    @Tag("slow")
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

        assertThat(instances.database.value(
                        "select count(*) <= extract(epoch from max(created_at) - min(created_at)) + 1.9 from"
                                + " tutti.job"))
                .as("one each second")
                .isEqualTo("t");
    }

    @Test
    void aCronThatFailsDoesNotHoldUpOthers() {
        instances.instance(1, jobs -> {
            jobs.register("tick", JobOptions.DEFAULT, job -> ran.add(Long.toString(job.id())));
            jobs.cron(new Cron("broken", "* * * * * *", ZoneId.of("UTC"), JobRequest.of("tick", Json.of("{"))));
            jobs.cron(new Cron("good", "* * * * * *", ZoneId.of("UTC"), JobRequest.of("tick", DATA)));
        });

        await().atMost(PATIENCE).until(() -> !ran.isEmpty());
    }

    @Test
    @Tag("slow")
    void aCronWhoseUniqueKeyATransactionHoldsDoesNotHoldUpOthers() throws SQLException {
        JobRequest unique = JobRequest.of("tick", DATA).withUniqueKey("all");
        try (Connection transaction = instances.database.pool().getConnection()) {
            transaction.setAutoCommit(false);
            assertThat(instances.client().enqueue(transaction, unique)).isPositive();
            instances.instance(1, jobs -> {
                jobs.register("tick", JobOptions.DEFAULT, job -> ran.add(Long.toString(job.id())));
                jobs.cron(new Cron("held", "* * * * * *", ZoneId.of("UTC"), unique));
                jobs.cron(new Cron("good", "* * * * * *", ZoneId.of("UTC"), JobRequest.of("tick", DATA)));
            });

            await().atMost(PATIENCE).until(() -> ran.size() >= 3);
            transaction.rollback();
        }
    }

    @Test
    void anOutageIsOneLineOfTheLogAndItsEndAnother() throws SQLException {
        try (OutageLines lines = new OutageLines(Failures.class)) {
            Cron tick = new Cron("tick", "* * * * * *", ZoneId.of("UTC"), JobRequest.of("tick", DATA));
            instances.instance(1, jobs -> jobs.cron(tick));
            instances.database.execute("alter table tutti.job_cron rename to job_cron_away");
            instances.database.execute("alter table tutti.job_runner rename to job_runner_away");
            await().atMost(PATIENCE)
                    .until(() -> !lines.starting("WARNING What is scheduled").isEmpty());
            await().atMost(PATIENCE)
                    .until(() -> !lines.starting("WARNING This runner").isEmpty());
            instances.database.execute("alter table tutti.job_runner_away rename to job_runner");
            instances.database.execute("alter table tutti.job_cron_away rename to job_cron");
            await().atMost(PATIENCE)
                    .until(() -> !lines.starting("INFO What is scheduled").isEmpty());
            await().atMost(PATIENCE)
                    .until(() -> !lines.starting("INFO This runner").isEmpty());

            assertThat(lines.starting("WARNING What is scheduled"))
                    .singleElement()
                    .asString()
                    .contains("cannot be done", "\"tutti.job_cron\" does not exist");
            assertThat(lines.starting("SEVERE tutti-job-schedule")).isEmpty();
        }
    }

    @Test
    void aCronThatAnInstanceAnnouncedWhichHasLeftIsAnothersAfterAMinute() throws SQLException {
        instances.instance(1, jobs -> {
            jobs.register("tick", JobOptions.DEFAULT, job -> ran.add(Long.toString(job.id())));
            jobs.cron(new Cron("tick", "0 0 1 1 *", ZoneId.of("UTC"), JobRequest.of("tick", DATA)));
        });
        instances.database.execute(
                "update tutti.job_cron set definition = 'before', due = tutti.clock() - interval '61 s'"
                        + " where name = 'tick'");

        await().atMost(PATIENCE).until(() -> ran.size() == 1);
        assertThat(instances.database.value("select definition from tutti.job_cron where name = 'tick'"))
                .isEqualTo("0 0 1 1 * UTC");
    }

    @Test
    @Tag("slow")
    void aCronsExpressionIsReadInItsZoneAndWhenItIsDeclared() throws SQLException {
        instances.instance(1, jobs -> {
            jobs.cron(new Cron("night", "30 3 * * *", ZoneId.of("Asia/Kolkata"), JobRequest.of("tick", DATA)));
            assertThatThrownBy(() ->
                            jobs.cron(new Cron("wrong", "61 3 * * *", ZoneId.of("UTC"), JobRequest.of("tick", DATA))))
                    .isInstanceOf(IllegalArgumentException.class);
        });

        assertThat(instances.database.value("select due at time zone 'UTC' from tutti.job_cron where name = 'night'"))
                .endsWith(" 22:00:00");
    }

    @Test
    void whereClocksArePutBackADailyCronIsEnqueuedOnceHoweverLateItIsTaken() throws SQLException {
        instances.instance(1, jobs -> {
            jobs.register("tick", JobOptions.DEFAULT, job -> ran.add(Long.toString(job.id())));
            jobs.cron(new Cron("night", "30 2 * * *", ZoneId.of("Europe/Berlin"), JobRequest.of("tick", DATA)));
        });
        Instant twice = Instant.parse("2097-10-27T00:30:00Z"); // 2:30 in summer time, and an hour later again
        assertThat(dueAfter(twice)).isEqualTo("2097-10-28 01:30:00");
    }

    /** When the cron {@code night} is due after it was taken that was due then. */
    private String dueAfter(Instant time) throws SQLException {
        instances.database.pass(Duration.between(Instant.now(), time).plusSeconds(5));
        instances.database.execute("update tutti.job_cron set due = '" + time + "' where name = 'night'");
        await().atMost(PATIENCE)
                .until(() -> instances
                        .database
                        .value("select due > tutti.clock() from tutti.job_cron where name = 'night'")
                        .equals("t"));
        return instances.database.value("select due at time zone 'UTC' from tutti.job_cron where name = 'night'");
    }

    @Test
    void whereClocksArePutForwardADailyCronIsEnqueuedAtTheEndOfTheGap() throws SQLException {
        instances.instance(1, jobs -> {
            jobs.register("tick", JobOptions.DEFAULT, job -> ran.add(Long.toString(job.id())));
            jobs.cron(new Cron("night", "30 2 * * *", ZoneId.of("Europe/Berlin"), JobRequest.of("tick", DATA)));
        });

        assertThat(dueAfter(Instant.parse("2097-03-30T01:30:00Z"))).isEqualTo("2097-03-31 01:00:00");
        instances.database.pass(Duration.ofHours(23).plusMinutes(30));
        await().atMost(PATIENCE)
                .until(() -> instances
                        .database
                        .value("select due at time zone 'UTC' from tutti.job_cron where name = 'night'")
                        .equals("2097-04-01 00:30:00"));
    }

    @Test
    void aCronThatWasDueWhileNoInstanceRanIsMadeUpForByOneJob() throws SQLException {
        Cron yearly = new Cron("year", "0 0 1 1 *", ZoneId.of("UTC"), JobRequest.of("tick", DATA));
        instances.instance(1, jobs -> jobs.cron(yearly)).drain();
        instances.database.execute("update tutti.job_cron set due = tutti.clock() - interval '9 days'");

        Jobs a = instances.instance(1, jobs -> jobs.cron(yearly));

        await().atMost(PATIENCE)
                .until(() -> instances
                        .database
                        .value("select due > tutti.clock() from tutti.job_cron where name = 'year'")
                        .equals("t"));
        assertThat(a.list(JobFilter.ALL)).hasSize(1);
    }

    @Test
    void aCronThatWasTakenAwayBeginsAnewWhenItComesBack() throws SQLException {
        Cron yearly = new Cron("year", "0 0 1 1 *", ZoneId.of("UTC"), JobRequest.of("tick", DATA));
        instances.instance(1, jobs -> jobs.cron(yearly)).drain();
        instances.database.execute(
                "update tutti.job_cron set due = tutti.clock() - interval '9 days', missed = 59"); // minutes
        instances.runner("other", JobOptions.DEFAULT, job -> {});
        await().atMost(PATIENCE)
                .until(() -> instances
                        .database
                        .value("select missed from tutti.job_cron where name = 'year'")
                        .equals("60"));

        Jobs a = instances.instance(1, jobs -> jobs.cron(yearly));

        assertThat(instances.database.value(
                        "select due > tutti.clock() and missed = 0 from tutti.job_cron where name = 'year'"))
                .isEqualTo("t");
        assertThat(a.list(JobFilter.ALL)).isEmpty();
        assertThat(a.crons())
                .extracting(DeclaredCron::name, DeclaredCron::definition, DeclaredCron::missed)
                .containsExactly(tuple("year", "0 0 1 1 * UTC", 0));
    }

    @Test
    void aCronThatIsDueLaterThanItCanBeIsDueAsUsual() throws SQLException {
        Cron daily = new Cron("night", "30 2 * * *", ZoneId.of("UTC"), JobRequest.of("tick", DATA));
        instances.instance(1, jobs -> jobs.cron(daily)).drain();
        instances.database.execute(
                "update tutti.job_cron set due = tutti.clock() + interval '31 days' where name = 'night'");

        instances.instance(1, jobs -> jobs.cron(daily));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(instances.database.value("select due < tutti.clock() + interval '1 day'"
                                + " from tutti.job_cron where name = 'night'"))
                        .isEqualTo("t"));
    }

    @Test
    void thoseThatEndedLongAgoAreDeletedByOneInstanceWithTheirStreams() throws SQLException {
        Jobs a = instances.client();
        a.cancel(a.enqueue(JobRequest.of("mail", DATA)));
        long kept = a.enqueue(JobRequest.of("mail", DATA));
        instances.database.execute(
                "update tutti.job set finished_at = now() - interval '8 days' where state = 'failed'");

        instances.runner("other", JobOptions.DEFAULT, job -> {});

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(a.list(JobFilter.ALL)).extracting(Job::id).containsExactly(kept));
        assertThat(instances.database.value("select string_agg(name, ', ') from tutti.stream"))
                .isEqualTo("job:" + kept);
        assertThat(instances.database.value("select count(*) from tutti.event")).isEqualTo("1");
    }

    @Test
    void thoseThatHaveATimeBecomeDueThenAndNoMoreAtATimeThanMay() throws SQLException {
        Jobs a = instances.client();
        for (int i = 0; i < 5; i++) {
            a.enqueue(JobRequest.of("mail", DATA).withRunAt(Instant.now().plus(Duration.ofDays(1))));
        }
        assertThat(instances.database.value("select tutti.make_jobs_due(3)")).isEqualTo("0");

        instances.database.execute("update tutti.job set run_at = now()");

        assertThat(instances.database.value("select tutti.make_jobs_due(3)")).isEqualTo("3");
        assertThat(instances.database.value("select tutti.make_jobs_due(3)")).isEqualTo("2");
        assertThat(instances.database.value("select tutti.make_jobs_due(3)")).isEqualTo("0");
    }

    @Test
    void noMoreAreDeletedAtATimeThanMayBe() throws SQLException {
        Jobs a = instances.client();
        for (int i = 0; i < 5; i++) {
            a.cancel(a.enqueue(JobRequest.of("mail", DATA)));
        }

        assertThat(instances.database.value("select tutti.delete_jobs(interval '-1 s', 3)"))
                .isEqualTo("3");
        assertThat(instances.database.value("select count(*) from tutti.stream"))
                .isEqualTo("2");
        assertThat(instances.database.value("select tutti.delete_jobs(interval '-1 s', 3)"))
                .isEqualTo("2");
        assertThat(instances.database.value("select tutti.delete_jobs(interval '-1 s', 3)"))
                .isEqualTo("0");
        assertThat(instances.database.value("select count(*) from tutti.event")).isEqualTo("0");
    }
}
