package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.job.Job;
import dev.tutti.job.JobContext;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobRunner;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.stream.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The contract of every {@link JobRunner}. Each test has its own store. A test in one process cannot show what happens to the jobs of a
 * killed process: each backend has its own test for this.
 */
public interface JobRunnerContract {
    /** The time for which jobs are kept after their end. */
    Duration RETENTION = Duration.ofDays(7);

    /** The longest time that a test waits for a result. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** The data of jobs in the tests. */
    Json DATA = Json.of("{\"n\": 1}");

    /** Options with short pauses. */
    JobOptions QUICK = JobOptions.DEFAULT.withBackoff(Duration.ofMillis(10), Duration.ofMillis(50));

    /**
     * A runner for another instance on the test's store, which is closed after the test. After its start it runs at most {@code
     * concurrency} jobs at a time. It keeps ended jobs for {@link #RETENTION}.
     */
    JobRunner instance(int concurrency);

    /** Lets time pass on the store's clock. */
    void pass(Duration time);

    private Jobs runner(int concurrency, String kind, JobOptions options, JobHandler handler) {
        JobRunner runner = instance(concurrency);
        runner.register(kind, options, handler);
        runner.start();
        return runner;
    }

    private static void awaitState(Jobs jobs, long id, JobState state) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(jobs.find(id)).get().extracting(Job::state).isEqualTo(state));
    }

    private static void refused(ErrorCode code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    default void aJobIsFoundAsItWasEnqueued() {
        Jobs jobs = instance(0);
        Instant tomorrow = Instant.parse("2999-01-02T03:04:05Z");

        long id = jobs.enqueue(new JobRequest("mail", DATA, tomorrow, -7, "key", "batch", "anna", 9));

        Job job = jobs.find(id).orElseThrow();
        assertThat(job)
                .extracting(Job::id, Job::kind, Job::state, Job::attempt, Job::failures, Job::priority, Job::uniqueKey)
                .containsExactly(id, "mail", JobState.PENDING, 0, 0, -7, "key");
        assertThat(job)
                .extracting(Job::batch, Job::owner, Job::runAt, Job::startedAt, Job::finishedAt, Job::cancelAsked)
                .containsExactly("batch", "anna", tomorrow, null, null, false);
        assertThat(job.data()).isEqualTo(DATA);
        assertThat(jobs.find(id + 1)).isEmpty();
    }

    @Test
    default void eachIsClaimedOnceHoweverManyInstancesRunIt() {
        List<Long> ran = new CopyOnWriteArrayList<>();
        Jobs client = instance(0);
        List<JobRequest> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(JobRequest.of("mail", DATA).withBatch("all"));
        }
        for (int i = 0; i < 3; i++) {
            runner(4, "mail", JobOptions.DEFAULT, job -> ran.add(job.id()));
        }

        List<Long> ids = client.enqueueAll(requests);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.batch("all")).containsEntry(JobState.COMPLETED, 200L));
        assertThat(ran).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    default void thoseOfLargerPriorityBeginFirstAndAmongEqualsThoseThatWereDueFirst() {
        List<Long> ran = new CopyOnWriteArrayList<>();
        Jobs client = instance(0);
        JobRequest request = JobRequest.of("mail", DATA);
        long usual = client.enqueue(request.withRunAt(Instant.ofEpochSecond(200)));
        long low = client.enqueue(request.withRunAt(Instant.ofEpochSecond(1)).withPriority(-1));
        long earlier = client.enqueue(request.withRunAt(Instant.ofEpochSecond(100)));
        long high = client.enqueue(request.withPriority(7));

        runner(1, "mail", JobOptions.DEFAULT, job -> ran.add(job.id()));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ran).containsExactly(high, earlier, usual, low));
    }

    @Test
    default void oneWithATimeBeginsWhenItHasComeAndNotBefore() {
        List<Long> ran = new CopyOnWriteArrayList<>();
        Jobs jobs = runner(1, "mail", JobOptions.DEFAULT, job -> ran.add(job.id()));
        long later =
                jobs.enqueue(JobRequest.of("mail", DATA).withRunAt(Instant.now().plus(Duration.ofHours(1))));
        long now = jobs.enqueue(JobRequest.of("mail", DATA));
        awaitState(jobs, now, JobState.COMPLETED);
        assertThat(jobs.find(later)).get().extracting(Job::state).isEqualTo(JobState.PENDING);

        pass(Duration.ofHours(1));

        awaitState(jobs, later, JobState.COMPLETED);
        assertThat(ran).containsExactly(now, later);
    }

    @Test
    default void oneWithAKeyIsThereOnceUntilItHasEnded() {
        Jobs jobs = instance(0);
        JobRequest request = JobRequest.of("report", DATA).withUniqueKey("today");

        long id = jobs.enqueue(request);

        assertThat(jobs.enqueue(request)).isEqualTo(id);
        assertThat(jobs.enqueueAll(List.of(request, request))).containsExactly(id, id);
        assertThat(jobs.enqueue(JobRequest.of("other", DATA).withUniqueKey("today")))
                .isNotEqualTo(id);
        jobs.cancel(id);
        assertThat(jobs.enqueue(request)).isNotEqualTo(id);
        refused(ErrorCode.CONFLICT, () -> jobs.retry(id));
    }

    @Test
    default void callersWhoEnqueueOneKeyAtOnceGetOneJob() {
        Jobs a = instance(0);
        Jobs b = instance(0);
        JobRequest request = JobRequest.of("report", DATA).withUniqueKey("today");
        List<Long> ids = new CopyOnWriteArrayList<>();

        try (TestThreads threads = new TestThreads()) {
            for (int i = 0; i < 8; i++) {
                Jobs jobs = i % 2 == 0 ? a : b;
                threads.add(() -> ids.add(jobs.enqueue(request)));
            }
        }

        assertThat(ids).hasSize(8).containsOnly(ids.getFirst());
        assertThat(a.list(JobFilter.ALL)).hasSize(1);
    }

    @Test
    default void noMoreOfAKindRunAtATimeThanMay() {
        AtomicInteger current = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        JobHandler handler = job -> {
            most.accumulateAndGet(current.incrementAndGet(), Math::max);
            job.progress(DATA); // so that it takes a while
            current.decrementAndGet();
        };
        Jobs a = runner(4, "narrow", JobOptions.DEFAULT.withConcurrency(2), handler);
        runner(4, "narrow", JobOptions.DEFAULT.withConcurrency(2), handler);

        for (int i = 0; i < 60; i++) {
            a.enqueue(JobRequest.of("narrow", DATA).withBatch("all"));
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(a.batch("all")).containsEntry(JobState.COMPLETED, 60L));
        assertThat(most).hasValue(2);
    }

    @Test
    default void oneThatFailsIsTriedAgainAndIsADeadLetterThenUntilItIsRetried() {
        AtomicInteger calls = new AtomicInteger();
        Jobs jobs = runner(2, "mail", QUICK.withAttempts(3), job -> {
            if (calls.incrementAndGet() <= 3) {
                throw new IllegalStateException("no such address");
            }
        });

        long id = jobs.enqueue(JobRequest.of("mail", DATA));
        awaitState(jobs, id, JobState.FAILED);

        Job failed = jobs.find(id).orElseThrow();
        assertThat(failed.error()).contains("no such address");
        assertThat(failed).extracting(Job::failures, Job::attempt).containsExactly(3, 3);
        assertThat(failed.finishedAt()).isNotNull();
        assertThat(jobs.list(new JobFilter("mail", JobState.FAILED, null, Long.MAX_VALUE, 10)))
                .extracting(Job::id)
                .containsExactly(id);

        assertThat(jobs.retry(id)).isTrue();
        awaitState(jobs, id, JobState.COMPLETED);
        assertThat(jobs.find(id).orElseThrow())
                .extracting(Job::failures, Job::attempt)
                .containsExactly(0, 4);
        assertThat(jobs.retry(id)).isFalse();
        refused(ErrorCode.NOT_FOUND, () -> jobs.retry(id + 1));
    }

    @Test
    default void afterAFailureItPausesByTheStoresClock() {
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        JobOptions patient = JobOptions.DEFAULT.withBackoff(Duration.ofHours(1), Duration.ofHours(8));
        Jobs jobs = runner(1, "mail", patient, job -> {
            attempts.add(job.attempt());
            if (job.attempt() < 3) {
                throw new IllegalStateException("away");
            }
        });
        long id = jobs.enqueue(JobRequest.of("mail", DATA));

        for (int failures = 1; failures <= 2; failures++) {
            int failed = failures;
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(jobs.find(id).orElseThrow())
                            .extracting(Job::state, Job::failures)
                            .containsExactly(JobState.PENDING, failed));
            Job waiting = jobs.find(id).orElseThrow();
            assertThat(Duration.between(waiting.createdAt(), waiting.runAt()))
                    .isBetween(Duration.ofHours(2L * failures - 1), Duration.ofHours(2L * failures));
            pass(patient.pause(failures));
        }

        awaitState(jobs, id, JobState.COMPLETED);
        assertThat(attempts).containsExactly(1, 2, 3);
    }

    @Test
    default void aPendingOneIsCancelledAtOnceAndARunningOneIsInterrupted() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Jobs client = instance(0);
        long pending = client.enqueue(JobRequest.of("nobody", DATA));
        runner(1, "long", JobOptions.DEFAULT, job -> {
            begun.countDown();
            new CountDownLatch(1).await();
        });
        long running = client.enqueue(JobRequest.of("long", DATA));
        begun.await();

        assertThat(client.cancel(pending)).isTrue();
        assertThat(client.find(pending).orElseThrow())
                .extracting(Job::state, Job::error)
                .containsExactly(JobState.FAILED, "cancelled");
        assertThat(client.cancel(running)).isTrue();
        awaitState(client, running, JobState.FAILED);
        assertThat(client.cancel(running)).isFalse();
        refused(ErrorCode.NOT_FOUND, () -> client.cancel(running + 1));
    }

    @Test
    default void anAttemptThatTakesTooLongIsInterruptedAndTriedAgain() {
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        Jobs jobs = runner(1, "long", QUICK.withTimeout(Duration.ofSeconds(1)), job -> {
            attempts.add(job.attempt());
            if (job.attempt() == 1) {
                new CountDownLatch(1).await();
            }
        });

        long id = jobs.enqueue(JobRequest.of("long", DATA));
        awaitState(jobs, id, JobState.COMPLETED);

        assertThat(attempts).containsExactly(1, 2);
    }

    @Test
    default void progressIsThereForTheNextAttempt() {
        List<Optional<Json>> from = new CopyOnWriteArrayList<>();
        Jobs jobs = runner(1, "import", QUICK, job -> {
            from.add(job.lastProgress());
            if (job.attempt() == 1) {
                job.progress(Json.of("{\"row\": 50}"));
                throw new IllegalStateException("lost");
            }
        });

        long id = jobs.enqueue(JobRequest.of("import", DATA));
        awaitState(jobs, id, JobState.COMPLETED);

        assertThat(from).containsExactly(Optional.empty(), Optional.of(Json.of("{\"row\": 50}")));
    }

    @Test
    default void anAttemptOfAnInstanceThatLeavesIsAnothersAndIsRefusedFromThen() throws InterruptedException {
        List<JobContext> contexts = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        JobOptions once = JobOptions.DEFAULT.withAttempts(1);
        JobRunner leaving = instance(1);
        leaving.register("pay", once, job -> {
            contexts.add(job);
            begun.countDown();
            new CountDownLatch(1).await();
        });
        leaving.start();
        long id = leaving.enqueue(JobRequest.of("pay", DATA));
        begun.await();

        leaving.drain();
        Jobs other = runner(1, "pay", once, job -> contexts.add(job));

        awaitState(other, id, JobState.COMPLETED);
        assertThat(contexts).extracting(JobContext::attempt).containsExactly(1, 2);
        assertThat(other.find(id).orElseThrow().failures()).as("it left").isZero();
        contexts.forEach(context -> refused(ErrorCode.LEASE_LOST, () -> context.progress(DATA)));
        assertThat(leaving.enqueue(JobRequest.of("pay", DATA)))
                .as("enqueueing goes on")
                .isGreaterThan(id);
    }

    @Test
    default void kindsThatAnInstanceDoesNotKnowAreLeftToOthers() {
        Jobs jobs = runner(1, "known", JobOptions.DEFAULT, job -> {});
        long unknown = jobs.enqueue(JobRequest.of("new", DATA));
        awaitState(jobs, jobs.enqueue(JobRequest.of("known", DATA)), JobState.COMPLETED);
        assertThat(jobs.find(unknown)).get().extracting(Job::state).isEqualTo(JobState.PENDING);

        runner(1, "new", JobOptions.DEFAULT, job -> {});

        awaitState(jobs, unknown, JobState.COMPLETED);
    }

    @Test
    default void aBatchIsCountedByState() {
        Jobs jobs = instance(0);
        jobs.enqueue(JobRequest.of("mail", DATA).withBatch("letters"));
        jobs.cancel(jobs.enqueue(JobRequest.of("mail", DATA).withBatch("letters")));
        jobs.enqueue(JobRequest.of("mail", DATA).withBatch("others"));

        assertThat(jobs.batch("letters"))
                .isEqualTo(Map.of(
                        JobState.PENDING, 1L, JobState.RUNNING, 0L, JobState.COMPLETED, 0L, JobState.FAILED, 1L));
    }

    @Test
    default void thoseThatEndedLongAgoAreDeletedAndThePendingStay() {
        Jobs client = instance(0);
        long ended = client.enqueue(JobRequest.of("mail", DATA));
        client.cancel(ended);
        long kept = client.enqueue(JobRequest.of("mail", DATA));
        pass(RETENTION.plusMinutes(1));
        long recent = client.enqueue(JobRequest.of("mail", DATA));
        client.cancel(recent);

        runner(1, "other", JobOptions.DEFAULT, job -> {});

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.find(ended)).isEmpty());
        assertThat(client.list(JobFilter.ALL)).extracting(Job::id).containsExactly(recent, kept);
    }
}
