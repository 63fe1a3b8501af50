package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobRunner;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.stream.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A random run of all calls of callers and operators, in which jobs are compared with a model. At the end one runner runs the pending jobs.
 */
public interface JobRandomRunContract {
    /** A runner for another instance on the test's store, as in {@link JobRunnerContract#instance}. */
    JobRunner instance(int concurrency);

    @Test
    default void aRandomRunGivesWhatTheModelGives() {
        Seed seed = Seed.next();
        Random random = seed.random(0);
        Jobs jobs = instance(0);
        Model model = new Model();
        for (int step = 0; step < 500; step++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    JobRequest request = request(random, step * 10);
                    model.enqueue(request, jobs.enqueue(request), seed);
                }
                case 2 -> {
                    List<JobRequest> requests = new ArrayList<>();
                    for (int size = random.nextInt(5); size > 0; size--) {
                        requests.add(request(random, step * 10 + size));
                    }
                    model.enqueueAll(requests, jobs.enqueueAll(requests), seed);
                }
                case 3 -> {
                    long id = model.any(random);
                    model.cancel(id, () -> jobs.cancel(id), seed);
                }
                case 4 -> {
                    long id = model.any(random);
                    model.retry(id, () -> jobs.retry(id), seed);
                }
                case 5 -> {
                    JobFilter filter = filter(random, model);
                    assertThat(jobs.list(filter))
                            .as("%s: %s", seed, filter)
                            .extracting(Job::id)
                            .isEqualTo(model.list(filter));
                }
                case 6 -> {
                    String batch = "b" + random.nextInt(3);
                    assertThat(jobs.batch(batch)).as("%s: %s", seed, batch).isEqualTo(model.batch(batch));
                }
                default -> model.requireSame(jobs, model.any(random), seed);
            }
        }
        run(jobs, model, seed);
        model.known.forEach(known -> model.requireSame(jobs, known.id, seed));
    }

    private void run(Jobs jobs, Model model, Seed seed) {
        List<Long> ran = new CopyOnWriteArrayList<>();
        JobRunner runner = instance(1);
        for (String kind : List.of("k0", "k1")) {
            runner.register(kind, JobOptions.DEFAULT, job -> {
                ran.add(job.id());
                if (fails(job.data())) {
                    throw new IllegalStateException("as it should");
                }
            });
        }
        List<Long> expected = model.run();
        runner.start();
        await().atMost(JobRunnerContract.PATIENCE).until(() -> ran.size() >= expected.size());
        runner.drain(); // afterwards the end of the last job is stored
        assertThat(ran).as("%s", seed).isEqualTo(expected);
        assertThat(jobs.list(new JobFilter(null, JobState.RUNNING, null, Long.MAX_VALUE, 1)))
                .as("%s", seed)
                .isEmpty();
    }

    private static boolean fails(Json data) {
        return data.toString().equals("1");
    }

    private static JobRequest request(Random random, int number) {
        Instant due = Instant.ofEpochSecond(1_000_000 - number);
        return new JobRequest(
                "k" + random.nextInt(2),
                Json.of("" + random.nextInt(3)),
                random.nextInt(5) == 0 ? Model.NEVER : due,
                random.nextInt(-2, 3),
                random.nextInt(3) == 0 ? "key" + random.nextInt(4) : null,
                random.nextBoolean() ? "b" + random.nextInt(3) : null,
                null,
                1);
    }

    private static JobFilter filter(Random random, Model model) {
        JobState[] states = JobState.values();
        return new JobFilter(
                random.nextBoolean() ? "k" + random.nextInt(2) : null,
                random.nextBoolean() ? states[random.nextInt(states.length)] : null,
                random.nextBoolean() ? "b" + random.nextInt(3) : null,
                random.nextBoolean() ? Math.max(1, model.any(random)) : Long.MAX_VALUE,
                random.nextInt(1, 20));
    }

    /** A simple model of jobs. For one thread. */
    final class Model {
        private static final Instant NEVER = Instant.parse("2999-01-01T00:00:00Z");
        private static final long MISSING = 1_000_000_000;

        private final List<Known> known = new ArrayList<>();
        private Instant lastRetry = Instant.parse("2000-01-01T00:00:00Z"); // after all due times, and before NEVER

        private static final class Known {
            private final long id;
            private final JobRequest request;
            private Instant due;
            private JobState state = JobState.PENDING;
            private int attempt;
            private int failures;

            private Known(long id, JobRequest request) {
                this.id = id;
                this.request = request;
                this.due = Objects.requireNonNull(request.runAt());
            }

            private boolean isOpen() {
                return state == JobState.PENDING || state == JobState.RUNNING;
            }
        }

        private @Nullable Known holder(JobRequest request) {
            return known.stream()
                    .filter(job -> request.uniqueKey() != null
                            && job.isOpen()
                            && job.request.kind().equals(request.kind())
                            && request.uniqueKey().equals(job.request.uniqueKey()))
                    .findFirst()
                    .orElse(null);
        }

        private @Nullable Known find(long id) {
            return known.stream().filter(job -> job.id == id).findFirst().orElse(null);
        }

        private long any(Random random) {
            return known.isEmpty() || random.nextInt(20) == 0 ? MISSING : known.get(random.nextInt(known.size())).id;
        }

        private void enqueue(JobRequest request, long id, Seed seed) {
            @Nullable Known holder = holder(request);
            if (holder == null) {
                assertThat(find(id)).as("%s: the id %s is new", seed, id).isNull();
                known.add(new Known(id, request));
            } else {
                assertThat(id).as("%s: %s", seed, request).isEqualTo(holder.id);
            }
        }

        private void enqueueAll(List<JobRequest> requests, List<Long> ids, Seed seed) {
            assertThat(ids).as("%s", seed).hasSameSizeAs(requests);
            for (int i = 0; i < ids.size(); i++) {
                enqueue(requests.get(i), ids.get(i), seed);
            }
        }

        /** An action of an operator. */
        private interface Action {
            boolean perform();
        }

        private static void refused(ErrorCode code, Action action, Seed seed) {
            assertThatThrownBy(action::perform)
                    .as("%s", seed)
                    .isInstanceOfSatisfying(
                            TuttiException.class, e -> assertThat(e.code()).isEqualTo(code));
        }

        private void cancel(long id, Action action, Seed seed) {
            @Nullable Known job = find(id);
            if (job == null) {
                refused(ErrorCode.NOT_FOUND, action, seed);
                return;
            }
            assertThat(action.perform()).as("%s: %s", seed, id).isEqualTo(job.isOpen());
            job.state = job.isOpen() ? JobState.FAILED : job.state;
        }

        private void retry(long id, Action action, Seed seed) {
            @Nullable Known job = find(id);
            if (job == null) {
                refused(ErrorCode.NOT_FOUND, action, seed);
            } else if (job.state == JobState.FAILED && holder(job.request) != null) {
                refused(ErrorCode.CONFLICT, action, seed);
            } else {
                assertThat(action.perform()).as("%s: %s", seed, id).isEqualTo(job.state == JobState.FAILED);
                if (job.state == JobState.FAILED) {
                    job.state = JobState.PENDING;
                    job.failures = 0;
                    lastRetry = lastRetry.plusSeconds(1);
                    job.due = lastRetry;
                }
            }
        }

        private List<Long> list(JobFilter filter) {
            return known.stream()
                    .filter(job -> filter.kind() == null || filter.kind().equals(job.request.kind()))
                    .filter(job -> filter.state() == null || filter.state() == job.state)
                    .filter(job -> filter.batch() == null || filter.batch().equals(job.request.batch()))
                    .map(job -> job.id)
                    .filter(id -> id < filter.before())
                    .sorted(Collections.reverseOrder())
                    .limit(filter.limit())
                    .toList();
        }

        private Map<JobState, Long> batch(String name) {
            return Arrays.stream(JobState.values())
                    .collect(Collectors.toMap(
                            Function.identity(),
                            state -> known.stream()
                                    .filter(job -> name.equals(job.request.batch()) && job.state == state)
                                    .count()));
        }

        private void requireSame(Jobs jobs, long id, Seed seed) {
            @Nullable Known job = find(id);
            if (job == null) {
                assertThat(jobs.find(id)).as("%s: %s", seed, id).isEmpty();
                return;
            }
            Job found = jobs.find(id).orElseThrow();
            assertThat(found)
                    .as("%s", seed)
                    .extracting(Job::state, Job::attempt, Job::failures, Job::kind, Job::data)
                    .containsExactly(job.state, job.attempt, job.failures, job.request.kind(), job.request.data());
            assertThat(found)
                    .as("%s", seed)
                    .extracting(Job::priority, Job::uniqueKey, Job::batch)
                    .containsExactly(job.request.priority(), job.request.uniqueKey(), job.request.batch());
        }

        /** Runs all due jobs in the model, one after the other, and returns their ids in this order. */
        private List<Long> run() {
            List<Known> due = known.stream()
                    .filter(job -> job.state == JobState.PENDING && job.due.isBefore(NEVER))
                    .sorted(Comparator.comparingInt((Known job) -> -job.request.priority())
                            .thenComparing(job -> job.due))
                    .toList();
            for (Known job : due) {
                boolean failed = fails(job.request.data());
                job.state = failed ? JobState.FAILED : JobState.COMPLETED;
                job.attempt = 1;
                job.failures = failed ? 1 : 0;
            }
            return due.stream().map(job -> job.id).toList();
        }
    }
}
