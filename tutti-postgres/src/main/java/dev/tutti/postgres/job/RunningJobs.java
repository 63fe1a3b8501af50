package dev.tutti.postgres.job;

import dev.tutti.concurrent.Periodic;
import dev.tutti.postgres.job.AttemptTable.Current;
import dev.tutti.postgres.job.JobRun.Stop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The attempts that are going on in this process. A thread of its own looks each second whether one takes too long, and
 * whether one was cancelled or is outdated without this process having been told. Safe for use by many threads.
 */
final class RunningJobs implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final AttemptTable attempts;
    private final Set<JobRun> runs = ConcurrentHashMap.newKeySet();
    private final Periodic looking;

    RunningJobs(AttemptTable attempts) {
        this.attempts = attempts;
        this.looking = new Periodic("tutti-jobs", INTERVAL, this::look);
    }

    void add(JobRun run) {
        runs.add(run);
    }

    synchronized void remove(JobRun run) {
        runs.remove(run);
        notifyAll();
    }

    int count() {
        return runs.size();
    }

    /** Stops those at the job with that id. */
    void cancel(long id) {
        runs.stream().filter(run -> run.id() == id).forEach(run -> run.stop(Stop.CANCELLED));
    }

    private void look() {
        long now = System.nanoTime();
        runs.stream().filter(run -> run.isOver(now)).forEach(run -> run.stop(Stop.TIMED_OUT));
        List<JobRun> known = List.copyOf(runs);
        if (known.isEmpty()) {
            return;
        }
        Map<Long, Current> current = attempts
                .current(known.stream().map(JobRun::id).distinct().toList())
                .stream()
                .collect(Collectors.toMap(Current::id, Function.identity()));
        for (JobRun run : known) {
            Current found = current.get(run.id());
            if (found == null || found.attempt() != run.attempt()) {
                run.stop(Stop.OUTDATED);
            } else if (found.cancelAsked()) {
                run.stop(Stop.CANCELLED);
            }
        }
    }

    /** Lets them end for {@code patience}, and stops those that have not then. */
    void leave(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            awaitNone(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runs.forEach(run -> run.stop(Stop.LEAVING));
    }

    private synchronized void awaitNone(long end) throws InterruptedException {
        long left = end - System.nanoTime();
        while (!runs.isEmpty() && left > 0) {
            wait(left / 1_000_000 + 1);
            left = end - System.nanoTime();
        }
    }

    @Override
    public void close() {
        looking.close();
    }
}
