package dev.tutti.postgres.job;

import static java.util.Objects.requireNonNull;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.postgres.job.AttemptTable.Claimed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins jobs here: as many as there is room for, in one transaction, each on a virtual thread of its own. One virtual thread
 * claims.
 */
final class JobClaims implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobClaims.class);
    private static final int MOST_AT_ONCE = 100; // so that their data fits into memory
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final UUID runner;
    private final Map<String, JobKind> kinds;
    private final Map<String, Integer> usualAttempts;
    private final AttemptTable attempts;
    private final RunningJobs runs;
    private final OutageLog outage =
            new OutageLog("Jobs cannot be begun; tried again each second", "Jobs can be begun again");
    private final Loop loop = new Loop(Loop.virtual("tutti-job-claims"), PAUSE, this::step);

    private boolean more; // of the loop's thread: whether some were left when it claimed

    /** Those of {@code runner}; begins. */
    JobClaims(UUID runner, Map<String, JobKind> kinds, AttemptTable attempts, RunningJobs runs) {
        this.runner = runner;
        this.kinds = Map.copyOf(kinds);
        this.usualAttempts = kinds.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, kind -> kind.getValue().attempts()));
        this.attempts = attempts;
        this.runs = runs;
        loop.start();
    }

    /** Whether the last claim came through, and so do heartbeats. */
    boolean isSound() {
        return !outage.isAway() && !runs.isCutOff();
    }

    private Duration step() throws InterruptedException {
        int room = Math.min(runs.awaitRoom(more), MOST_AT_ONCE);
        if (room == 0) {
            return Loop.END;
        }
        boolean answered = false;
        try {
            if (runs.wasUnsure()) {
                // all that were claimed are there: this thread claims
                attempts.forget(runner, runs.known(), runs.unwritten());
            }
            long asked = runs.now();
            List<Claimed> claimed = attempts.claim(runner, usualAttempts, room);
            if (!runs.isHeardSince(asked)) {
                return PAUSE; // others may have these by now
            }
            claimed.forEach(this::begin);
            answered = true;
            outage.succeeded();
            more = claimed.size() == room;
            return Duration.ZERO;
        } catch (TuttiException failure) {
            if (!OutageLog.isOutage(failure) && !outage.isAway()) {
                log.error("A defect keeps jobs from being begun", failure);
            }
            outage.failed(failure);
            return PAUSE;
        } finally {
            if (!answered) {
                runs.unsure();
            }
        }
    }

    private void begin(Claimed claimed) {
        JobKind kind = requireNonNull(kinds.get(claimed.kind()));
        long deadline = runs.now() + kind.timeout().toNanos();
        JobRun run = new JobRun(attempts, claimed, deadline, runs::isCutOff);
        runs.add(run);
        try {
            Thread.ofVirtual().name("tutti-job-", claimed.which().id()).start(() -> execute(kind, run));
        } catch (Throwable failure) { // no thread, as there is no memory
            runs.remove(run);
            throw failure;
        }
    }

    private void execute(JobKind kind, JobRun run) {
        boolean ended = false;
        try {
            kind.execute(run, runs::freed);
            ended = true;
        } catch (TuttiException failure) {
            if (OutageLog.isOutage(failure)) {
                log.warn("The end of job {} could not be written: {}; it is run again", run.id(), failure.getMessage());
            } else {
                log.error("The end of job {} could not be written; it is run again", run.id(), failure);
            }
        } finally {
            if (ended) {
                runs.remove(run);
            } else {
                runs.removeUnwritten(run);
            }
            if (!ended || kind.isLimited()) {
                runs.wake();
            }
        }
    }

    /** Begins no others; {@link RunningJobs#leave} was called. Idempotent. */
    @Override
    public void close() {
        loop.close();
    }
}
