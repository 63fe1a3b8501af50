package dev.tutti.postgres.job;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.job.Cron;
import dev.tutti.job.DeclaredCron;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobRunner;
import dev.tutti.job.JobState;
import dev.tutti.postgres.sql.Database;
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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in PostgreSQL. {@code tutti.job} says what they are and what became of them, and functions beside it hand them out, end
 * them and find those whose runner died. Jobs are enqueued, begun and ended many in one transaction. Safe for use by many
 * threads; each job that runs has a virtual thread.
 *
 * <p>A runner is taken for dead after five seconds without a heartbeat, and its job begun anew by another one within three
 * more. One that cannot reach the database stops its attempts before that. A job that is to be run at once is notified, so
 * that an instance that has room begins it at once; one that has a time begins within a second after it.
 *
 * <p>Connections are taken from the pool for single statements: at most six, and one for each job that notes progress.
 */
public final class PostgresJobs implements JobRunner {
    /** Attempts at jobs by kind and by the state in which they left the job. */
    public static final String RUNS = "tutti.jobs.run";

    /** Attempts that are going on. */
    public static final String RUNNING = "tutti.jobs.running";

    private static final String CHANNEL = "tutti_job";
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Database database;
    private final BiConsumer<String, Consumer<String>> listen;
    private final PostgresJobSettings settings;
    private final LongSupplier ticker;
    private final MeterRegistry meters;
    private final JobHints hints;
    private final JobTable jobs;
    private final AttemptTable attempts;
    private final Map<String, JobKind> kinds = new LinkedHashMap<>(); // guarded by this
    private final Map<String, JobCron> crons = new LinkedHashMap<>(); // guarded by this
    private volatile @Nullable Running running; // set under this
    private boolean started; // guarded by this
    private boolean draining; // guarded by this

    /** The parts that are there while it runs jobs. */
    private record Running(RunningJobs runs, JobClaims claims, JobSchedule schedule) {}

    /**
     * Those in {@code pool}'s database, whose schema is up to date.
     *
     * @param listen has what is notified on a channel given to somebody, who is brief
     * @param ticker a monotonic clock in nanoseconds
     */
    public PostgresJobs(
            DataSource pool,
            BiConsumer<String, Consumer<String>> listen,
            PostgresJobSettings settings,
            LongSupplier ticker,
            MeterRegistry meters) {
        this.database = new Database(pool);
        this.listen = listen;
        this.settings = settings;
        this.ticker = ticker;
        this.meters = meters;
        this.hints = new JobHints(database);
        this.jobs = new JobTable(database, hints);
        this.attempts = new AttemptTable(database, hints);
    }

    @Override
    public synchronized void register(String kind, JobOptions options, JobHandler handler) {
        if (!JobRequest.isKind(kind)) {
            throw new IllegalArgumentException(
                    "job kind '" + kind + "'; allowed are 1 to 64 characters of [a-z0-9._-], a letter first");
        }
        requireNotStarted();
        if (kinds.putIfAbsent(kind, new JobKind(kind, options, handler, attempts, ticker, meters)) != null) {
            throw new IllegalStateException("jobs of the kind " + kind + " are registered");
        }
    }

    @Override
    public synchronized void cron(Cron cron) {
        requireNotStarted();
        JobCron made = new JobCron(cron, jobs);
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
        kinds.values().forEach(JobKind::announce);
        List<JobSchedule.Task> tasks = new ArrayList<>(crons.values());
        tasks.add(new JobRetention(settings.retention()));
        UUID runner = UUID.randomUUID();
        RunningJobs runs = new RunningJobs(runner, attempts, settings.concurrency(), ticker);
        try {
            JobSchedule schedule = new JobSchedule(database, tasks);
            listen.accept(CHANNEL, text -> told(text, runs));
            hints.here(runs::wake);
            Gauge.builder(RUNNING, runs, RunningJobs::count)
                    .description("Attempts at jobs that are going on here")
                    .register(meters);
            return new Running(runs, new JobClaims(runner, kinds, attempts, runs), schedule);
        } catch (RuntimeException | Error failure) {
            runs.close();
            throw failure;
        }
    }

    /** Anybody who is connected may notify: any notification is only a hint to look. */
    private static void told(String text, RunningJobs runs) {
        if (text.length() <= 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            runs.mayBeCancelled(Long.parseLong(text));
        } else {
            runs.wake();
        }
    }

    @Override
    public long enqueue(JobRequest request) {
        return jobs.enqueue(request);
    }

    @Override
    public List<Long> enqueueAll(List<JobRequest> requests) {
        if (requests.size() > MOST_AT_ONCE) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST, requests.size() + " jobs are enqueued at once; allowed are " + MOST_AT_ONCE);
        }
        return jobs.enqueueAll(requests);
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
    public List<DeclaredCron> crons() {
        return database.statement(JobSchedule::crons);
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
    public boolean isSound() {
        Running current = running;
        return current == null || current.claims().isSound();
    }

    @Override
    public synchronized void drain() {
        draining = true;
        Running current = running;
        if (current != null) {
            running = null;
            current.schedule().close();
            current.runs().leave();
            current.claims().close();
            current.runs().end(GRACE);
            current.runs().close();
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
