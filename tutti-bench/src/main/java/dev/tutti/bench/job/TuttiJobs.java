package dev.tutti.bench.job;

import dev.tutti.core.Tutti;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.postgres.job.PostgresJobSettings;
import dev.tutti.stream.Json;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

/** Tutti's own jobs, with states, history and a stream for each job. */
final class TuttiJobs implements JobSystem {
    private static final String KIND = "bench";

    private final Tutti tutti;
    private final Jobs jobs;

    TuttiJobs(String url, int threads, IntConsumer run) {
        int connections = threads + MORE_CONNECTIONS;
        PostgresBackend backend = PostgresBackend.at(PostgresAddress.parse(url))
                .connections(connections + 1, connections) // one of all is kept free for an instance that comes
                .jobs(new PostgresJobSettings(threads, Duration.ofDays(7)))
                .open();
        tutti = Tutti.on(backend).start();
        jobs = tutti.jobs();
        jobs.register(
                KIND,
                JobOptions.DEFAULT,
                job -> run.accept(Integer.parseInt(job.data().toString())));
    }

    @Override
    public void enqueue(List<Integer> numbers) {
        List<JobRequest> requests = numbers.stream()
                .map(number -> JobRequest.of(KIND, Json.of(number.toString())))
                .toList();
        boolean one = requests.size() == 1;
        List<Long> ids = one ? List.of(jobs.enqueue(requests.getFirst())) : jobs.enqueueAll(requests);
        assert ids.size() == numbers.size();
    }

    @Override
    public void start() {
        jobs.start();
    }

    @Override
    public boolean isDone() {
        return isNone(JobState.PENDING) && isNone(JobState.RUNNING);
    }

    private boolean isNone(JobState state) {
        return jobs.list(new JobFilter(KIND, state, null, Long.MAX_VALUE, 1)).isEmpty();
    }

    @Override
    public void close() {
        tutti.close();
    }
}
