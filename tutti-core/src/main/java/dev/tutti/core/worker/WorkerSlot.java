package dev.tutti.core.worker;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Backoff;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Loop;
import dev.tutti.lease.Lease;
import dev.tutti.worker.Worker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard of a worker's type at this instance: waits until it is this instance's, runs the worker, and waits again. One
 * virtual thread does so; others may stop it.
 */
final class WorkerSlot {
    private static final Logger log = LoggerFactory.getLogger(WorkerSlot.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration HEAD_START = Duration.ofMillis(300); // of each instance that shall rather have it
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));
    private static final Duration GRACE = Duration.ofSeconds(2); // for what is told to end
    private static final Duration RELUCTANCE =
            Duration.ofMinutes(5); // to take it from another instance after a failure
    private static final Duration SOUND = Duration.ofMinutes(1); // so long a run is no failed start

    private final ClusterWorkers workers;
    private final String type;
    private final int shard;
    private final int shards;
    private final Worker worker;
    private final WorkerPermits permits;
    private final String lease;
    private final Loop loop;
    private boolean wantedInVain; // of the slot's thread: others may want theirs next
    private volatile boolean failing; // it pauses after a failure
    private @Nullable WorkerRun run; // guarded by this
    private boolean closed; // guarded by this
    private int failures; // of the slot's thread: failed starts, one after the other
    private long failedAt; // of the slot's thread, where there are any

    /** One that runs with one of {@code permits}. */
    WorkerSlot(ClusterWorkers workers, String type, int shard, int shards, Worker worker, WorkerPermits permits) {
        this.workers = workers;
        this.type = type;
        this.shard = shard;
        this.shards = shards;
        this.worker = worker;
        this.permits = permits;
        this.lease = "worker/" + type + "/" + shard;
        this.loop = new Loop(Loop.virtual("tutti-worker-" + type + "-" + shard), LOOK, this::step);
    }

    void start() {
        loop.start();
    }

    /** The lease it runs under. */
    String lease() {
        return lease;
    }

    /** Whether it has failed here, and waits for its next attempt. */
    boolean isFailing() {
        return failing;
    }

    private Duration step() throws InterruptedException {
        if (isClosed()) {
            return Loop.END;
        }
        if (!permits.awaitFree(LOOK)) {
            return Duration.ZERO; // this instance runs as many as it may
        }
        try {
            Optional<Lease> taken = take(workers.leases());
            return taken.isPresent() ? run(taken.get()) : Duration.ZERO;
        } catch (TuttiException noLeases) {
            log.debug("No lease for {}", lease, noLeases);
            return LOOK;
        }
    }

    /** One of the permits, given back once. */
    private final class Permit implements AutoCloseable {
        private boolean back;

        void giveBack() {
            if (!back) {
                back = true;
                permits.free().release();
            }
        }

        @Override
        public void close() {
            giveBack();
        }
    }

    /**
     * A singleton is taken by the instance that is first, a shard by the instance that shall have it, or else, after a while, by
     * others. Where it failed lately all others come first, and it is taken from nobody: it may be sound where it runs. The lease
     * comes with a permit.
     */
    private Optional<Lease> take(WorkerLeases leases) throws InterruptedException {
        boolean reluctant = failedLately();
        boolean wants = rank(reluctant) == 0 && shards > 1 && !wantedInVain && permits.want();
        wantedInVain = false;
        try {
            if (wants) {
                workers.want(lease);
            }
            Optional<Lease> taken =
                    leases.acquire(lease, () -> HEAD_START.multipliedBy(rank(reluctant)), LOOK, permits.free());
            wantedInVain = wants && taken.isEmpty();
            return taken;
        } finally {
            if (wants) {
                permits.wantNoMore();
            }
        }
    }

    /** How many instances shall rather have it, as things are now: while it is waited for, they come and go. */
    private int rank(boolean reluctant) {
        int before = shards == 1 ? 0 : workers.placement().rank(type, lease);
        return reluctant ? before + workers.placement().others(type) + 1 : before;
    }

    private boolean failedLately() {
        return failures > 0 && workers.now() - failedAt < RELUCTANCE.toNanos();
    }

    /** Pauses afterwards with the lease and without the permit: nobody else begins it meanwhile, and others may run here. */
    private Duration run(Lease taken) {
        try (Permit permit = new Permit()) {
            WorkerRun current = new WorkerRun(type, shard, shards, taken);
            if (!begin(current)) {
                return Loop.END;
            }
            Duration pause = run(current);
            permit.giveBack();
            boolean interrupted =
                    Thread.interrupted(); // as the worker left it; whoever ends the pause stops the run as well
            boolean paused = current.pause(pause);
            log.trace(
                    "Worker {} {} of {} has paused to the end: {}; it left an interrupt: {}",
                    type,
                    shard + 1,
                    shards,
                    paused,
                    interrupted);
        } catch (InterruptedException told) {
            log.debug("Worker {} {} of {} pauses no longer", type, shard + 1, shards);
        } finally {
            failing = false;
            end();
            taken.close();
        }
        return Duration.ZERO;
    }

    /** Runs it, and says for how long to pause then. */
    private Duration run(WorkerRun current) {
        long begin = workers.now();
        try {
            log.info(
                    "Worker {} {} of {} runs here, with token {}",
                    type,
                    shard + 1,
                    shards,
                    current.lease().token());
            worker.run(current);
            failures = 0;
            return LOOK;
        } catch (Throwable failure) { // of somebody else's code
            return failed(current, failure, Duration.ofNanos(workers.now() - begin));
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized boolean begin(WorkerRun next) {
        run = next;
        return !closed;
    }

    private synchronized void end() {
        run = null;
        boolean interrupted = Thread.interrupted(); // by the loss of a lease that is none of the next run's
        log.debug("Worker {} {} of {} has ended; interrupted: {}", type, shard + 1, shards, interrupted);
    }

    private Duration failed(WorkerRun ended, Throwable failure, Duration ran) {
        if (!ended.isActive()) {
            log.debug("How worker {} {} of {} ended", type, shard + 1, shards, failure);
            return Duration.ZERO;
        }
        workers.failed();
        failing = true;
        failedAt = workers.now();
        failures = ran.compareTo(SOUND) > 0 ? 0 : failures + 1;
        Duration pause = BACKOFF.jittered(failures + 1);
        log.warn(
                "Worker {} {} of {} failed; next attempt in {} ms", type, shard + 1, shards, pause.toMillis(), failure);
        return pause;
    }

    /** Somebody else shall rather have it: a run that is under way is told to end, and interrupted if it goes on. */
    synchronized void handOver() {
        WorkerRun told = run;
        if (told != null && told.stop()) {
            CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> interrupt(told));
        }
    }

    /** Only while it is that run: its thread goes on with the next one. */
    private synchronized void interrupt(WorkerRun told) {
        if (told.equals(run)) {
            told.interrupt();
        }
    }

    /** Tells what runs to end for good, and waits for no lease any longer. */
    void stop() {
        boolean waiting;
        synchronized (this) {
            closed = true;
            handOver();
            waiting = run == null;
        }
        if (waiting) {
            loop.close(Duration.ZERO);
        }
    }

    /** Waits until it has ended, and interrupts it if that takes until {@code deadline}. */
    void close(Deadline deadline) {
        loop.close(deadline.left());
    }
}
