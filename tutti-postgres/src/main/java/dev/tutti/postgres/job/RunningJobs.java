package dev.tutti.postgres.job;

import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Loop;
import dev.tutti.postgres.job.AttemptTable.Attempt;
import dev.tutti.postgres.job.AttemptTable.Current;
import dev.tutti.postgres.job.AttemptTable.Ended;
import dev.tutti.postgres.job.JobRun.Stop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The attempts that are going on in this process, and the room for others. A thread of its own says each second that this runner
 * is alive, and looks whether an attempt takes too long, was cancelled, or is outdated. Safe for use by many threads.
 */
final class RunningJobs implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int MOST_DUE = 1_000;
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration GATHERING = Duration.ofMillis(2);
    private static final Duration END = Duration.ofSeconds(1);
    private static final Duration BETWEEN = Duration.ofMillis(50); // however many hints come

    private final UUID runner;
    private final AttemptTable attempts;
    private final int concurrency;
    private final Set<JobRun> runs = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean unsure = new AtomicBoolean();
    private final Semaphore hints = new Semaphore(0);
    private final Loop beating;
    private boolean mayBeDue; // guarded by this
    private boolean leaving; // guarded by this

    /** Those of {@code runner}, at most {@code concurrency} at a time; begins to say that it is alive. */
    RunningJobs(UUID runner, AttemptTable attempts, int concurrency) {
        this.runner = runner;
        this.attempts = attempts;
        this.concurrency = concurrency;
        this.beating = new Loop(Loop.platform("tutti-jobs"), INTERVAL, this::beat).start();
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

    Set<Attempt> known() {
        return runs.stream().map(run -> new Attempt(run.id(), run.attempt())).collect(Collectors.toSet());
    }

    /** Some may be running here for the database alone. */
    void unsure() {
        unsure.set(true);
    }

    /** Whether some may, as was said since this was asked before. */
    boolean wasUnsure() {
        return unsure.getAndSet(false);
    }

    /** Jobs may be due, or may begin. */
    synchronized void wake() {
        mayBeDue = true;
        notifyAll();
    }

    /** A handler has ended: there is room for another one while the end of its attempt is written. */
    synchronized void freed() {
        notifyAll();
    }

    /**
     * Waits until there may be jobs to begin and there is room, and says for how many; 0 when this runner leaves. Where some are
     * certainly due it waits for a moment until half of the room is free: jobs that are begun together cost less.
     */
    synchronized int awaitRoom(boolean certainlyDue) throws InterruptedException {
        mayBeDue |= certainlyDue;
        while (!leaving && !(mayBeDue && room() > 0)) {
            wait();
        }
        long end = System.nanoTime() + GATHERING.toNanos();
        long left = GATHERING.toNanos();
        while (certainlyDue && !leaving && room() < concurrency / 2 && left > 0) {
            wait(left / 1_000_000 + 1);
            left = end - System.nanoTime();
        }
        mayBeDue = false;
        return leaving ? 0 : room();
    }

    /** So many may run, and the ends of as many be waiting for the database. */
    private int room() {
        int handled = (int) runs.stream().filter(JobRun::isHandled).count();
        return Math.min(concurrency - handled, 2 * concurrency - runs.size());
    }

    /** The job with that id is said to be cancelled: if it runs here, whether it is will be looked at soon. */
    void mayBeCancelled(long id) {
        if (runs.stream().anyMatch(run -> run.id() == id)) {
            hints.release();
        }
    }

    private Duration beat() throws InterruptedException {
        long now = System.nanoTime();
        runs.stream().filter(run -> run.isOver(now)).forEach(run -> run.stop(Stop.TIMED_OUT));
        List<JobRun> known = List.copyOf(runs);
        Map<Long, Current> current =
                attempts.beat(runner, SILENCE).stream().collect(Collectors.toMap(Current::id, Function.identity()));
        for (JobRun run : known) {
            Current found = current.get(run.id());
            if (found == null || found.attempt() != run.attempt()) {
                run.stop(Stop.OUTDATED);
            } else if (found.cancelAsked()) {
                run.stop(Stop.CANCELLED);
            }
        }
        Set<Attempt> here = known();
        if (current.values().stream().anyMatch(found -> !here.contains(new Attempt(found.id(), found.attempt())))) {
            unsure(); // or it has just begun or ended, which does no harm
        }
        boolean more = attempts.makeDue(MOST_DUE) == MOST_DUE;
        wake();
        return more ? Duration.ZERO : awaitHint();
    }

    /** Waits for the next beat, for a shorter time if somebody gives a hint; answers how long to wait even then. */
    private Duration awaitHint() throws InterruptedException {
        boolean hinted = hints.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        int _ = hints.drainPermits();
        return hinted ? BETWEEN : Duration.ZERO;
    }

    /** Has nobody wait for room any more. */
    synchronized void leave() {
        leaving = true;
        notifyAll();
    }

    /**
     * Lets attempts end for {@code patience}, then stops those that have not, and gives them a second. Those that go on even then are
     * left to others, as this runner is about to be silent: that is no failure of theirs.
     */
    void end(Duration patience) {
        try {
            awaitNone(patience);
            runs.forEach(run -> run.stop(Stop.LEAVING));
            awaitNone(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            runs.forEach(run -> run.stop(Stop.LEAVING));
        }
        runs.stream().filter(JobRun::isHandled).forEach(this::leaveToOthers);
    }

    private void leaveToOthers(JobRun run) {
        Ended left = new Ended(run.id(), run.attempt(), AttemptTable.LEFT, Duration.ZERO, false);
        Failures.guard("leaving job " + run.id() + " to others", () -> attempts.end(left));
    }

    private synchronized void awaitNone(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        long left = end - System.nanoTime();
        while (!runs.isEmpty() && left > 0) {
            wait(left / 1_000_000 + 1);
            left = end - System.nanoTime();
        }
    }

    @Override
    public void close() {
        hints.release(); // so that nothing waits
        beating.close();
    }
}
