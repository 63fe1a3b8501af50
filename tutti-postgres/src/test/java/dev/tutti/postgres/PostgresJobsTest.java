package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Jobs as whoever enqueues them and operators see them, with several instances on one database. */
class PostgresJobsTest extends AbstractJobsTest {
    private static final Json DEEP = Json.of("[".repeat(100_000) + "]".repeat(100_000));
    private static final JobOptions QUICK =
            JobOptions.DEFAULT.withBackoff(Duration.ofMillis(10), Duration.ofMillis(50));

    private final List<String> ran = new CopyOnWriteArrayList<>();

    private static void awaitState(Jobs jobs, long id, JobState state) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(jobs.find(id).orElseThrow().state()).isEqualTo(state));
    }

    @Test
    void whatOneInstanceEnqueuesAnotherRuns() {
        Jobs a = instances.client();
        instances.runner("mail", JobOptions.DEFAULT, job -> ran.add(job.id() + " " + job.data()));

        long id = a.enqueue(JobRequest.of("mail", DATA).withOwner("anna"));
        awaitState(a, id, JobState.COMPLETED);

        assertThat(ran).containsExactly(id + " {\"n\": 1}");
        assertThat(instances.events(Job.stream(id))).containsExactly("pending", "running", "completed");
        assertThat(a.find(id).orElseThrow().owner()).isEqualTo("anna");
        assertThat(instances
                        .meters
                        .get("tutti.jobs.run")
                        .tag("state", "completed")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void ofATransactionThatIsRolledBackNothingIsLeft() throws SQLException {
        Jobs a = instances.client();
        try (Connection transaction = instances.database.pool().getConnection()) {
            assertThatThrownBy(() -> a.enqueue(transaction, JobRequest.of("mail", DATA)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a transaction is needed");
            transaction.setAutoCommit(false);
            a.enqueue(transaction, JobRequest.of("mail", DATA));
            transaction.rollback();
            long kept = a.enqueue(transaction, JobRequest.of("mail", DATA));
            transaction.commit();

            assertThat(a.list(JobFilter.ALL)).extracting(Job::id).containsExactly(kept);
            assertThat(instances.database.value("select count(*) from tutti.job"))
                    .isEqualTo("1");
        }
    }

    @Test
    void severalAreEnqueuedAllOrNoneAndInOrder() {
        Jobs a = instances.client();
        JobRequest keyed = JobRequest.of("report", DATA).withUniqueKey("today");
        long today = a.enqueue(keyed);

        List<Long> ids = a.enqueueAll(List.of(JobRequest.of("mail", DATA), keyed, JobRequest.of("post", DATA), keyed));

        assertThat(ids).hasSize(4).element(1).isEqualTo(today);
        assertThat(ids).element(3).isEqualTo(today);
        assertThat(a.find(ids.getFirst()).orElseThrow().kind()).isEqualTo("mail");
        assertThat(a.find(ids.get(2)).orElseThrow().kind()).isEqualTo("post");
        assertThat(instances.events(Job.stream(ids.get(2)))).containsExactly("pending");
        assertThatThrownBy(() -> a.enqueueAll(
                        List.of(JobRequest.of("mail", DATA), JobRequest.of("mail", Json.of("\"\\u0000\"")))))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        assertThat(a.list(JobFilter.ALL)).hasSize(3);
        assertThat(a.enqueueAll(List.of())).isEmpty();
    }

    @Test
    void whatIsEnqueuedWithTheKeyOfOneThatShallStopIsAnotherOneAndBeginsAfterItsEnd() throws SQLException {
        CountDownLatch end = new CountDownLatch(1);
        Jobs a = instances.runner("import", JobOptions.DEFAULT, job -> {
            ran.add(Long.toString(job.id()));
            if (ran.size() == 1) {
                awaitUnheard(end);
                job.check();
            }
        });
        JobRequest request = JobRequest.of("import", DATA).withUniqueKey("all");
        long stopping = a.enqueue(request);
        await().atMost(PATIENCE).until(() -> ran.size() == 1);
        assertThat(a.enqueue(request)).isEqualTo(stopping);
        assertThat(a.cancel(stopping)).isTrue();

        long next = a.enqueue(request);
        assertThat(next).isNotEqualTo(stopping);
        assertThat(a.enqueueAll(List.of(request, request))).containsExactly(next, next);
        assertThat(instances.database.value("select tutti.enqueue('import', '1', unique_key => 'all')"))
                .isEqualTo(Long.toString(next));
        long other = a.enqueue(JobRequest.of("import", DATA));
        awaitState(a, other, JobState.COMPLETED);
        assertThat(ran).containsExactly(Long.toString(stopping), Long.toString(other));
        end.countDown();

        awaitState(a, next, JobState.COMPLETED);
        assertThat(a.find(stopping).orElseThrow())
                .extracting(Job::error, Job::uniqueKey)
                .containsExactly("cancelled", "all");
        long later = a.enqueue(request.withRunAt(Instant.parse("2999-01-01T00:00:00Z")));
        assertThatThrownBy(() -> a.retry(stopping))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(a.cancel(later)).isTrue();
        assertThat(a.retry(stopping)).isTrue();
        awaitState(a, stopping, JobState.COMPLETED);
    }

    @Test
    void oneThatIsRefusedDoesNotFailThoseThatAreEnqueuedAtTheSameTime() throws Exception {
        Jobs a = instances.client();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> results = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Json data = i % 20 != 7 ? DATA : i == 7 ? DEEP : Json.of("\"\\u0000\"");
                results.add(callers.submit(() -> a.enqueue(JobRequest.of("mail", data))));
            }
            for (int i = 0; i < 60; i++) {
                Future<Long> result = results.get(i);
                if (i % 20 == 7) {
                    assertThatThrownBy(result::get).hasMessageContaining("not JSON that PostgreSQL can keep");
                } else {
                    assertThat(result.get()).isPositive();
                }
            }
        }
        assertThat(instances.database.value("select count(*) from tutti.job")).isEqualTo("57");
    }

    @Test
    void dataCountsAsItIsAfterwardsHoweverShortItWasWhenItWasSent() {
        Jobs a = instances.client();
        JobRequest expanding = JobRequest.of("mail", Json.of("[1e100000, 1e100000, 1e100000]"));
        for (JobRequest each : List.of(expanding, expanding.withUniqueKey("once"))) {
            assertThatThrownBy(() -> a.enqueue(each))
                    .isInstanceOfSatisfying(
                            TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        }
        assertThatThrownBy(() -> a.enqueueAll(List.of(JobRequest.of("mail", DATA), expanding)))
                .hasMessageContaining("262144");
        assertThat(a.list(JobFilter.ALL)).isEmpty();
    }

    @Test
    void anyProgramEnqueuesBySqlAndIsHeardAtOnce() throws SQLException {
        Jobs b = instances.runner(
                "mail", JobOptions.DEFAULT, job -> ran.add(job.data().toString()));

        long id = Long.parseLong(instances.database.value("select tutti.enqueue('mail', '{\"to\": \"anna\"}')"));
        awaitState(b, id, JobState.COMPLETED);

        assertThat(ran).containsExactly("{\"to\": \"anna\"}");
        assertThatThrownBy(() -> instances.database.value("select tutti.enqueue('Mail', '1')"))
                .hasMessageContaining("bad_request: job kind 'Mail' is not");
        assertThatThrownBy(() -> instances.database.value("select tutti.enqueue('mail', '1', priority => 5000)"))
                .hasMessageContaining("allowed are -1000 to 1000");
    }

    @Test
    void oneThatFailsIsTriedAgainAndIsADeadLetterThenFromWhereItIsRetried() {
        AtomicInteger attempts = new AtomicInteger();
        Jobs a = instances.client();
        instances.runner("mail", QUICK.withAttempts(3), job -> {
            if (attempts.incrementAndGet() <= 3) {
                throw new IllegalStateException("no such\0address " + job.attempt());
            }
        });

        long id = a.enqueue(JobRequest.of("mail", DATA));
        awaitState(a, id, JobState.FAILED);

        Job failed = a.find(id).orElseThrow();
        assertThat(failed.error()).isEqualTo("java.lang.IllegalStateException: no such?address 3");
        assertThat(failed.failures()).isEqualTo(3);
        assertThat(a.list(new JobFilter("mail", JobState.FAILED, null, Long.MAX_VALUE, 10)))
                .extracting(Job::id)
                .containsExactly(id);

        assertThat(a.retry(id)).isTrue();
        awaitState(a, id, JobState.COMPLETED);
        assertThat(a.retry(id)).isFalse();
        assertThat(instances.events(Job.stream(id)))
                .containsExactly(
                        "pending",
                        "running",
                        "pending",
                        "running",
                        "pending",
                        "running",
                        "failed",
                        "pending",
                        "running",
                        "completed");
    }

    @Test
    void anExceptionThatDoesNotSayWhatItIsIsKnownByItsClass() {
        class Mute extends RuntimeException {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }
        }
        Jobs a = instances.runner("mute", QUICK.withAttempts(1), job -> {
            throw new Mute();
        });

        long id = a.enqueue(JobRequest.of("mute", DATA));
        awaitState(a, id, JobState.FAILED);

        assertThat(a.find(id).orElseThrow().error()).isEqualTo(Mute.class.getName());
    }

    @Test
    void progressIsToldAndIsThereForTheNextAttempt() {
        Jobs a = instances.runner("import", QUICK, job -> {
            ran.add("from " + job.lastProgress().map(Json::toString).orElse("the start"));
            if (job.attempt() == 1) {
                job.progress(Json.of("{\"row\": 50}"));
                throw new IllegalStateException("lost");
            }
        });

        long id = a.enqueue(JobRequest.of("import", DATA));
        awaitState(a, id, JobState.COMPLETED);

        assertThat(ran).containsExactly("from the start", "from {\"row\": 50}");
        assertThat(instances.events(Job.stream(id)))
                .containsExactly("pending", "running", "progress", "pending", "running", "completed");
    }

    @Test
    void aKindThatIsRegisteredAndOneThatIsAskedForAreRefusedEachInItsWay() {
        Jobs a = instances.unstarted(1, Duration.ofDays(1));

        assertThatThrownBy(() -> a.register("Mail", JobOptions.DEFAULT, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("job kind 'Mail'");
        assertThatThrownBy(() -> JobRequest.of("Mail", DATA))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void whatPostgresCannotKeepIsRefused() {
        Jobs a = instances.client();

        for (Json data : List.of(Json.of("\"\\u0000\""), DEEP)) {
            assertThatThrownBy(() -> a.enqueue(JobRequest.of("mail", data)))
                    .isInstanceOfSatisfying(
                            TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        }
    }
}
