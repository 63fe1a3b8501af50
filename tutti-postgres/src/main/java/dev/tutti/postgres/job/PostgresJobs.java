package dev.tutti.postgres.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.tutti.job.Cron;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobRunner;
import dev.tutti.job.JobState;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.DatabaseClock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in PostgreSQL. {@code tutti.job} says what they are and what became of them; db-scheduler hands them out, by its own
 * table beside that, and finds those whose runner died. Safe for use by many threads; each job that runs has a virtual thread.
 *
 * <p>A runner is taken for dead after five seconds without a heartbeat, and its job begun anew by another one within three
 * more. What is enqueued to be run at once is notified, so that an instance that has a thread free begins it at once; what has a
 * time begins within a second after it.
 *
 * <p>Connections are taken from the pool for single statements: at most one for each job that runs, and three beside these.
 */
public final class PostgresJobs implements JobRunner {
    /** Attempts at jobs by kind and by the state in which they left the job. */
    public static final String RUNS = "tutti.jobs.run";

    /** Attempts that are going on. */
    public static final String RUNNING = "tutti.jobs.running";

    private static final String CHANNEL = "tutti_job";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final int MISSED_HEARTBEATS = 5;
    private static final Duration NEVER = Duration.ofDays(36_500);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration END = Duration.ofSeconds(1);

    /** So that each thread that becomes free has something to do. */
    private static final double WHEN_ONE_IS_FREE = 0.999;

    private final DataSource pool;
    private final Database database;
    private final BiConsumer<String, Consumer<String>> listen;
    private final PostgresJobSettings settings;
    private final MeterRegistry meters;
    private final JobHints hints;
    private final JobTable jobs;
    private final AttemptTable attempts;
    private final Map<String, JobKind> kinds = new LinkedHashMap<>(); // guarded by this
    private final Map<String, JobCron> crons = new LinkedHashMap<>(); // guarded by this
    private @Nullable Running running; // guarded by this
    private boolean started; // guarded by this
    private boolean draining; // guarded by this

    /** What there is while it runs jobs. */
    private record Running(Scheduler scheduler, RunningJobs jobs, DatabaseClock clock) {}

    /**
     * Those in {@code pool}'s database, whose schema is up to date.
     *
     * @param listen has what is notified on a channel given to somebody, who is brief
     */
    public PostgresJobs(
            DataSource pool,
            BiConsumer<String, Consumer<String>> listen,
            PostgresJobSettings settings,
            MeterRegistry meters) {
        this.pool = pool;
        this.database = new Database(pool);
        this.listen = listen;
        this.settings = settings;
        this.meters = meters;
        this.hints = new JobHints(database);
        this.jobs = new JobTable(database, hints);
        this.attempts = new AttemptTable(database, hints);
    }

    @Override
    public synchronized void register(String kind, JobOptions options, JobHandler handler) {
        JobRequest.requireKind(kind);
        requireNotStarted();
        if (kinds.putIfAbsent(kind, new JobKind(kind, options, handler, attempts, meters)) != null) {
            throw new IllegalStateException("jobs of the kind " + kind + " are registered");
        }
    }

    @Override
    public synchronized void cron(Cron cron) {
        requireNotStarted();
        JobCron made = new JobCron(cron, database, jobs);
        if (crons.putIfAbsent(cron.name(), made) != null) {
            throw new IllegalStateException("there is a cron " + cron.name());
        }
    }

    private void requireNotStarted() {
        if (started) {
            throw new IllegalStateException("jobs run already: kinds and crons are registered before they are started");
        }
    }

    @Override
    public synchronized void start() {
        if (started) {
            return;
        }
        if (settings.concurrency() > 0 && !draining && !(kinds.isEmpty() && crons.isEmpty())) {
            running = started();
        }
        started = true;
    }

    private Running started() {
        DatabaseClock clock = new DatabaseClock(pool);
        RunningJobs runs = new RunningJobs(attempts);
        try {
            kinds.values().forEach(JobKind::announce);
            crons.values().forEach(cron -> cron.announce(clock.instant()));
            JobRetention retention = new JobRetention(database, jobs, settings.retention());
            retention.announce();
            List<Task<?>> tasks = new ArrayList<>();
            kinds.values().forEach(kind -> tasks.add(kind.task(runs)));
            crons.values().forEach(cron -> tasks.add(cron.task(clock::instant)));
            tasks.add(retention.task());
            Scheduler scheduler = scheduler(tasks, clock);
            listen.accept(CHANNEL, text -> told(text, scheduler, runs));
            Gauge.builder(RUNNING, runs, RunningJobs::count)
                    .description("Attempts at jobs that are going on here")
                    .register(meters);
            scheduler.start();
            return new Running(scheduler, runs, clock);
        } catch (RuntimeException | Error failure) {
            runs.close();
            clock.close();
            throw failure;
        }
    }

    private Scheduler scheduler(List<Task<?>> tasks, DatabaseClock clock) {
        String name = "tutti " + UUID.randomUUID();
        ExecutorService threads = Executors.newFixedThreadPool(
                settings.concurrency(), Thread.ofVirtual().name("tutti-job-", 0).factory());
        return Scheduler.create(pool, tasks)
                .tableName("tutti.job_execution")
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
                .schedulerName(() -> name)
                .clock(clock::instant)
                .threads(settings.concurrency())
                .executorService(threads)
                .pollUsingLockAndFetch(WHEN_ONE_IS_FREE, 1.0)
                .pollingInterval(POLL)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .deleteUnresolvedAfter(NEVER)
                .shutdownMaxWait(END)
                .failureLogging(LogLevel.WARN, false)
                .enablePriority()
                .build();
    }

    /** Anybody who is connected may notify: a text that is not a number is only a hint to look. */
    private static void told(String text, Scheduler scheduler, RunningJobs runs) {
        if (text.length() <= 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            runs.cancel(Long.parseLong(text));
        } else {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    @Override
    public long enqueue(JobRequest request) {
        return jobs.enqueue(request);
    }

    @Override
    public long enqueue(Connection transaction, JobRequest request) {
        return jobs.enqueue(transaction, request);
    }

    @Override
    public Optional<Job> find(long id) {
        return jobs.find(id);
    }

    @Override
    public List<Job> list(JobFilter filter) {
        return jobs.list(filter);
    }

    @Override
    public Map<JobState, Long> batch(String name) {
        return jobs.batch(name);
    }

    @Override
    public boolean cancel(long id) {
        return jobs.cancel(id);
    }

    @Override
    public boolean retry(long id) {
        return jobs.retry(id);
    }

    @Override
    public synchronized void drain() {
        draining = true;
        Running current = running;
        if (current != null) {
            running = null;
            current.scheduler().pause();
            current.jobs().leave(GRACE);
            current.scheduler().stop();
            current.jobs().close();
            current.clock().close();
        }
    }

    @Override
    public void close() {
        try {
            drain();
        } finally {
            hints.close();
        }
    }
}
