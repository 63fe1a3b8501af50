package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.postgres.job.PostgresJobSettings;
import dev.tutti.postgres.job.PostgresJobs;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** A database, and instances that run jobs on it. */
final class JobInstances implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final TestDatabase database;
    final MeterRegistry meters = new SimpleMeterRegistry();
    private final ControlConnection control;
    private final PostgresStreamStore streams;
    private final List<PostgresJobs> all = new ArrayList<>();

    JobInstances() throws SQLException {
        database = TestDatabase.migrated();
        control = new ControlConnection(database.settings());
        streams = new PostgresStreamStore(
                database.pool(), RetentionPolicy.of(Retention.of(Duration.ofDays(7))), PATIENCE);
        streams.retain();
    }

    /** One that runs none. */
    PostgresJobs client() {
        return instance(0, _ -> {});
    }

    /** One that runs up to four jobs of a kind. */
    PostgresJobs runner(String kind, JobOptions options, JobHandler handler) {
        return instance(4, jobs -> jobs.register(kind, options, handler));
    }

    PostgresJobs instance(int concurrency, Consumer<PostgresJobs> registering) {
        PostgresJobs jobs = unstarted(concurrency, Duration.ofDays(7));
        registering.accept(jobs);
        jobs.start();
        return jobs;
    }

    PostgresJobs unstarted(int concurrency, Duration retention) {
        PostgresJobs jobs = new PostgresJobs(
                database.pool(),
                control::listen,
                new PostgresJobSettings(concurrency, retention),
                System::nanoTime,
                meters);
        all.add(jobs);
        return jobs;
    }

    /** A runner that does nothing by itself, and is silent from now on. */
    UUID silentRunner() throws SQLException {
        UUID runner = UUID.randomUUID();
        database.execute("insert into tutti.job_runner values ('" + runner + "', tutti.clock())");
        return runner;
    }

    /** What {@code runner} begins of a kind: ids and attempts. */
    String claimed(UUID runner, String kind) throws SQLException {
        return database.value("select coalesce(string_agg(id || ' ' || attempt, ', '), 'nothing')"
                + " from tutti.claim_jobs('" + runner + "', array['" + kind + "'], array[9], 10)");
    }

    static void awaitCompleted(Jobs jobs, long id) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(jobs.find(id).orElseThrow().state()).isEqualTo(JobState.COMPLETED));
    }

    /** The types of the events in a stream, in order. */
    List<String> events(StreamName stream) {
        return switch (streams.read(stream, new Range.After(0), 100)) {
            case ReadResult.Page page -> page.events().stream().map(Event::type).toList();
            case ReadResult.Gap gap -> throw new AssertionError(gap);
        };
    }

    @Override
    public void close() throws SQLException {
        all.forEach(PostgresJobs::close);
        control.close();
        database.close();
    }
}
