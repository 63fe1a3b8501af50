package dev.tutti.postgres.job;

import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.postgres.job.AttemptTable.Attempt;
import dev.tutti.postgres.job.AttemptTable.AttemptCost;
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
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The attempts that are going on in this process, and the room for others. A thread of its own says each second that this runner
 * is alive, and looks whether an attempt was cancelled or is outdated. Another one, which waits for no database, looks whether an
 * attempt takes too long, and whether this runner was heard lately: others take it for dead after five seconds of silence, so it
 * trusts its attempts for a tenth less, reckoned from before it said that it was alive. Safe for use by many threads.
 */
final class RunningJobs implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofMillis(250); // what did not come through
    private static final int MOST_DUE = 1_000;
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration TRUST = SILENCE.minus(SILENCE.dividedBy(10)); // as clocks differ in rate
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration GATHERING = Duration.ofMillis(2);
    private static final Duration END = Duration.ofSeconds(1);
    private static final Duration BETWEEN = Duration.ofMillis(50); // however many hints come

    private final UUID runner;
    private final AttemptTable attempts;
    private final int concurrency;
    private final LongSupplier ticker;
    private final Set<JobRun> runs = ConcurrentHashMap.newKeySet();
    private final Set<Attempt> unwritten = ConcurrentHashMap.newKeySet(); // for the database they go on
    private final AtomicBoolean unsure = new AtomicBoolean();
    private final Semaphore hints = new Semaphore(0);
    private final OutageLog outage = new OutageLog(
            "This runner of jobs cannot say that it is alive; its jobs are begun again elsewhere if that lasts",
            "This runner of jobs says again that it is alive");
    private final Loop heartbeats;
    private final Loop watching;
    private boolean hasMore; // of the thread that sends heartbeats: whether more was due than it made so
    // Until this time it is not cut off. Before its first heartbeat it cannot claim.
    private volatile long trusted;
    private volatile long heard; // since when it was not cut off
    private boolean mayBeDue; // guarded by this
    private boolean leaving; // guarded by this

    /** Those of {@code runner}, at most {@code concurrency} at a time, by {@code ticker}; begins to say that it is alive. */
    RunningJobs(UUID runner, AttemptTable attempts, int concurrency, LongSupplier ticker) {
        this.runner = runner;
        this.attempts = attempts;
        this.concurrency = concurrency;
        this.ticker = ticker;
        this.heard = ticker.getAsLong();
        this.trusted = heard + TRUST.toNanos();
        this.heartbeats = new Loop(Loop.platform("tutti-jobs"), INTERVAL, this::heartbeat).start();
        this.watching = new Loop(Loop.platform("tutti-job-watch"), LOOK, this::watch).start();
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
        return runs.stream().map(JobRun::which).collect(Collectors.toSet());
    }

    /** Its end could not be written: it is running here for the database alone. */
    void removeUnwritten(JobRun run) {
        unwritten.add(run.which());
        remove(run);
        unsure();
    }

    /** Those whose ends could not be written, and that are running for the database. */
    Set<Attempt> unwritten() {
        return Set.copyOf(unwritten);
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
     * Waits until there may be jobs to begin, there is room, and this runner is heard, and says for how many; 0 when it leaves. Where
     * some are certainly due it waits for a moment until half of the room is free: jobs that are begun together cost less.
     */
    synchronized int awaitRoom(boolean certainlyDue) throws InterruptedException {
        mayBeDue |= certainlyDue;
        while (!leaving && !(mayBeDue && room() > 0 && !isCutOff())) {
            wait();
        }
        Deadline gathered = Deadline.in(GATHERING);
        while (certainlyDue && !leaving && room() < concurrency / 2 && !gathered.isOver()) {
            wait(gathered.left().toMillis() + 1);
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

    /** Whether no heartbeat came through for so long that others may take this runner for dead, and its jobs. Never blocks. */
    boolean isCutOff() {
        return now() - trusted > 0;
    }

    /** The time now, by the ticker of this runner. */
    long now() {
        return ticker.getAsLong();
    }

    /** Whether it was not cut off at any time from {@code moment} on. Never blocks. */
    boolean isHeardSince(long moment) {
        return !isCutOff() && moment - heard >= 0;
    }

    private Duration watch() {
        long now = now();
        runs.stream().filter(run -> run.isOver(now)).forEach(run -> run.stop(Stop.TIMED_OUT));
        if (isCutOff()) {
            runs.forEach(run -> run.stop(Stop.CUT_OFF));
        }
        return LOOK;
    }

    private Duration heartbeat() throws InterruptedException {
        if (!outage.passes(this::look)) {
            return AGAIN;
        }
        wake();
        return hasMore ? Duration.ZERO : awaitHint();
    }

    private void look() {
        List<JobRun> known = List.copyOf(runs);
        long asked = now();
        Map<Attempt, Current> current = attempts.heartbeat(runner, SILENCE).stream()
                .collect(Collectors.toMap(Current::which, Function.identity()));
        if (isCutOff()) {
            heard = now();
        }
        trusted = asked + TRUST.toNanos();
        for (JobRun run : known) {
            Current found = current.get(run.which());
            if (found == null) {
                run.stop(Stop.OUTDATED);
            } else if (found.cancelAsked()) {
                run.stop(Stop.CANCELLED);
            }
        }
        unwritten.retainAll(current.keySet());
        Set<Attempt> here = known();
        if (!here.containsAll(current.keySet())) {
            unsure(); // or it has just begun or ended, which does no harm
        }
        hasMore = attempts.makeDue(MOST_DUE) == MOST_DUE;
    }

    /** Waits for the next heartbeat, for a shorter time if somebody gives a hint; answers how long to wait even then. */
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
     * left to others, as this runner is about to be silent: that is no failure of theirs, unless their time was over.
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
        Ended left = run.isOver(now())
                ? new Ended(run.which(), AttemptTable.LATE, Duration.ZERO, AttemptCost.FAILURE)
                : new Ended(run.which(), AttemptTable.LEFT, Duration.ZERO, AttemptCost.NONE);
        Failures.guard("leaving job " + run.id() + " to others", () -> attempts.end(left));
    }

    private synchronized void awaitNone(Duration patience) throws InterruptedException {
        Deadline end = Deadline.in(patience);
        while (!runs.isEmpty() && !end.isOver()) {
            wait(end.left().toMillis() + 1);
        }
    }

    @Override
    public void close() {
        hints.release(); // so that nothing waits
        try {
            heartbeats.close();
        } finally {
            watching.close();
        }
    }
}
