package dev.tutti.bench.job;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.subject.TargetCommand;
import dev.tutti.core.Tutti;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.postgres.job.PostgresJobSettings;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * One round of jobs whose runner, a process of its own, is killed again and again, evenly over the run, and started again.
 *
 * @param jobs how many there were
 * @param attempts how often one was begun, in all
 * @param once how many have had their effect exactly once: all of them
 * @param time from the start of the first runner until all were completed
 */
record KilledRound(int jobs, long attempts, long once, Duration time) {
    /** The kind of the jobs. */
    static final String KIND = "effect";

    static final int MOST_KILLS = 50;
    static final int MOST_THREADS = 50;

    /** Instances that share the connections: this one, the runner, and those that are not yet taken for dead. */
    private static final int INSTANCES = 6;

    private static final int MORE_ATTEMPTS = 5; // than there are kills
    private static final int TOGETHER = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(10);

    /** Not unique: what happens twice is to be seen. */
    private static final Sql TABLE = new Sql("create table effect (number int not null, attempt int not null)");

    private static final Sql BY_NUMBER = new Sql("create index on effect (number)");
    private static final Sql HAPPENED = new Sql("select count(*) from effect");
    private static final Sql TIMES = new Sql("""
            select count(*) filter (where times = 1) as once, count(*) filter (where times > 1) as repeated,
                count(*) filter (where times = 0) as missing
            from (select (select count(*) from effect where effect.number = wanted.number) as times
                from generate_series(0, ? - 1) wanted (number)) counted
            """);

    /**
     * The make of a round.
     *
     * @param work how long a job takes, half of it before its effect is committed
     */
    record Load(int jobs, int threads, int kills, Duration work) {
        /** Connections of all instances together. */
        int connections() {
            return INSTANCES * (threads + JobSystem.MORE_CONNECTIONS);
        }
    }

    private record Times(long once, long repeated, long missing) {}

    /**
     * Runs one in the empty database at {@code url}.
     *
     * @throws BenchException if the effect of a job is missing or there twice, or they are not done after ten minutes
     */
    static KilledRound of(String url, Load load) {
        PostgresBackend backend = PostgresBackend.at(PostgresAddress.parse(url))
                .connections(load.connections(), 1)
                .jobs(new PostgresJobSettings(0, Duration.ofDays(7)))
                .open();
        try (Tutti tutti = Tutti.on(backend).start()) {
            Database database = new Database(backend.database());
            for (Sql sql : List.of(TABLE, BY_NUMBER)) {
                int none = database.statement(sql::update);
                assert none == 0;
            }
            enqueue(tutti.jobs(), load.jobs());
            long start = System.nanoTime();
            run(url, load, tutti.jobs(), database);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            Times times = database.statement(connection -> TIMES.first(
                            connection,
                            rows -> new Times(rows.getLong("once"), rows.getLong("repeated"), rows.getLong("missing")),
                            load.jobs()))
                    .orElseThrow();
            requireOnce(times.once(), times.repeated(), times.missing());
            return new KilledRound(load.jobs(), attempts(tutti.jobs()), times.once(), time);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }

    private static void enqueue(Jobs jobs, int count) {
        for (int first = 0; first < count; first += TOGETHER) {
            List<Long> ids = jobs.enqueueAll(IntStream.range(first, Math.min(first + TOGETHER, count))
                    .mapToObj(number -> JobRequest.of(KIND, Json.of(Integer.toString(number))))
                    .toList());
            assert !ids.isEmpty();
        }
    }

    private static void run(String url, Load load, Jobs jobs, Database database) throws InterruptedException {
        for (int kill = 1; kill <= load.kills(); kill++) {
            try (Child runner = runner(url, load)) {
                long enough = (long) load.jobs() * kill / (load.kills() + 1);
                await("the jobs did not run", () -> happened(database) >= enough);
                runner.kill();
            }
        }
        try (Child _ = runner(url, load)) {
            await("the jobs are not done", () -> isNone(jobs, JobState.PENDING) && isNone(jobs, JobState.RUNNING));
        }
    }

    private static Child runner(String url, Load load) {
        return Child.java(
                Map.of(TargetCommand.DATABASE, url),
                "runner",
                "--threads=" + load.threads(),
                "--attempts=" + (load.kills() + MORE_ATTEMPTS),
                "--connections=" + load.connections(),
                "--work-millis=" + load.work().toMillis());
    }

    private static long happened(Database database) {
        return database.statement(connection -> HAPPENED.first(connection, rows -> rows.getLong(1)))
                .orElse(0L);
    }

    private static boolean isNone(Jobs jobs, JobState state) {
        return jobs.list(new JobFilter(KIND, state, null, Long.MAX_VALUE, 1)).isEmpty();
    }

    private static void await(String otherwise, BooleanSupplier reached) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new BenchException(otherwise + " within " + PATIENCE);
            }
            Thread.sleep(LOOK);
        }
    }

    private static long attempts(Jobs jobs) {
        long attempts = 0;
        List<Job> page = jobs.list(new JobFilter(KIND, null, null, Long.MAX_VALUE, JobFilter.MAX_PAGE));
        while (!page.isEmpty()) {
            attempts += page.stream().mapToInt(Job::attempt).sum();
            page = jobs.list(new JobFilter(KIND, null, null, page.getLast().id(), JobFilter.MAX_PAGE));
        }
        return attempts;
    }

    /** A time of something else would say nothing. */
    static void requireOnce(long once, long repeated, long missing) {
        if (repeated + missing > 0) {
            throw new BenchException("the effect of %d jobs happened once, of %d more than once, of %d never"
                    .formatted(once, repeated, missing));
        }
    }
}
