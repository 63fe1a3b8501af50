package dev.tutti.postgres.job;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.job.JobHandler;
import dev.tutti.job.JobOptions;
import dev.tutti.job.JobState;
import dev.tutti.postgres.job.AttemptTable.AttemptCost;
import dev.tutti.postgres.job.AttemptTable.Ended;
import dev.tutti.postgres.job.JobRun.Stop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of jobs in this process: runs attempts at them, and ends them. Whether a job goes on is decided by the functions in the
 * database. Safe for use by many threads.
 */
final class JobKind {
    private static final Logger log = LoggerFactory.getLogger(JobKind.class);
    private static final int LONGEST_ERROR = 4_000;
    private static final int TRIES_TO_END = 20;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final JobOptions options;
    private final JobHandler handler;
    private final AttemptTable attempts;
    private final LongSupplier ticker;
    private final MeterRegistry meters;

    JobKind(
            String name,
            JobOptions options,
            JobHandler handler,
            AttemptTable attempts,
            LongSupplier ticker,
            MeterRegistry meters) {
        this.name = name;
        this.options = options;
        this.handler = handler;
        this.attempts = attempts;
        this.ticker = ticker;
        this.meters = meters;
    }

    /** How often one is tried, unless it says otherwise. */
    int attempts() {
        return options.attempts();
    }

    Duration timeout() {
        return options.timeout();
    }

    /** Whether only so many run at a time in the cluster. */
    boolean isLimited() {
        return options.concurrency() != JobOptions.UNLIMITED;
    }

    /** In the cluster, from now on. */
    void announce() {
        attempts.limit(name, options.concurrency());
    }

    /**
     * Runs an attempt on this thread and ends it; {@code handled} is told between the two.
     *
     * @throws TuttiException if its end could not be written
     */
    void execute(JobRun run, Runnable handled) {
        long start = ticker.getAsLong();
        Optional<Throwable> failure = run.run(handler);
        handled.run();
        String state = end(run, failure.orElse(null));
        Timer.builder(PostgresJobs.RUNS)
                .description("Attempts at jobs, and how long they took")
                .tag("kind", name)
                .tag("state", state)
                .register(meters)
                .record(ticker.getAsLong() - start, TimeUnit.NANOSECONDS);
    }

    /** Ends it, and says what the job's state is then. */
    private String end(JobRun run, @Nullable Throwable failure) {
        @Nullable Stop stopped = run.stopped().orElse(null);
        boolean left = stopped == Stop.LEAVING;
        @Nullable
        String error = failure == null
                ? null
                : switch (stopped) {
                    case LEAVING -> AttemptTable.LEFT;
                    case CUT_OFF -> "its runner was cut off from the database";
                    case TIMED_OUT -> "took longer than " + options.timeout();
                    case CANCELLED, OUTDATED -> text(failure);
                    case null -> text(failure);
                };
        Duration again = left ? Duration.ZERO : options.pause(run.failures() + 1);
        AttemptCost cost = switch (stopped) {
            case LEAVING -> AttemptCost.NONE;
            case CUT_OFF -> AttemptCost.CUT_OFF; // a database that was away is no failure of the job
            case TIMED_OUT, CANCELLED, OUTDATED -> AttemptCost.FAILURE;
            case null -> AttemptCost.FAILURE;
        };
        Ended ended = new Ended(run.which(), error, again, cost);
        for (int tries = 1; ; tries++) {
            try {
                String state = attempts.end(ended).orElse("outdated");
                if (failure != null) {
                    Failures.guard("logging a failed job", () -> tell(run, state, stopped, failure));
                }
                return state;
            } catch (TuttiException away) {
                if (tries == TRIES_TO_END || !pause()) {
                    throw away;
                }
            }
        }
    }

    private void tell(JobRun run, String state, @Nullable Stop stopped, Throwable failure) {
        if (stopped == Stop.CANCELLED || stopped == Stop.LEAVING) {
            return;
        }
        if (state.equals(JobState.FAILED.text())) {
            log.warn(
                    "Job {} of the kind {} has failed for good in attempt {}; it can be retried",
                    run.id(),
                    name,
                    run.attempt(),
                    failure);
        } else {
            log.info(
                    "Attempt {} at job {} of the kind {} has failed; the job is {}: {}",
                    run.attempt(),
                    run.id(),
                    name,
                    state,
                    text(failure));
        }
    }

    /** False when it is interrupted. */
    private static boolean pause() {
        try {
            return !new CountDownLatch(1).await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A text that PostgreSQL keeps. */
    private static String text(Throwable failure) {
        String text = said(failure).replace('\0', '?');
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR - 1) + "…";
    }

    private static String said(Throwable failure) {
        try {
            return String.format(Locale.ROOT, "%s", failure);
        } catch (Throwable another) { // which its message threw
            return failure.getClass().getName();
        }
    }
}
