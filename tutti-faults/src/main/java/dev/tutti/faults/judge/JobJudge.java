package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.faults.cluster.JobSampler;
import dev.tutti.testkit.history.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A judge of jobs that another program enqueues by SQL: they are completed, each once in effect. No attempt is run twice,
 * nothing is done by an older attempt after it was done by a newer one, and a job that was rolled back is never run. When all is well again
 * each is completed within half a minute.
 */
public final class JobJudge extends Watcher {
    /** The kind of the jobs. */
    public static final String KIND = "faults";

    private static final Duration PACE = Duration.ofMillis(100);
    private static final int LOOK_EVERY = 50; // jobs
    private static final int ROLLED_BACK_EVERY = 7;
    private static final int MOST_WAITING = 300; // what runners do in a few seconds when all is well again
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final JobSampler sampler;
    private final List<Long> enqueued = new ArrayList<>(); // guarded by this
    private boolean told; // guarded by this
    private int attempts; // guarded by this

    /** Begins. */
    public static JobJudge of(FaultCluster cluster) {
        JobJudge judge = new JobJudge(cluster.jobs());
        judge.start("job-outcomes", judge::watch);
        return judge;
    }

    private JobJudge(JobSampler sampler) {
        this.sampler = sampler;
    }

    private void watch() throws InterruptedException {
        for (int i = 1; ; i++) {
            Thread.sleep(PACE);
            enqueue(i % ROLLED_BACK_EVERY != 0);
            if (i % LOOK_EVERY == 0) {
                look();
            }
        }
    }

    private synchronized void enqueue(boolean commits) {
        if (enqueued.size() - attempts < MOST_WAITING) {
            sampler.enqueue(KIND, commits).filter(_ -> commits).ifPresent(enqueued::add);
        }
    }

    private synchronized void look() {
        sampler.attempts().ifPresent(count -> attempts = count);
        wrong(Fault.DUPLICATE, sampler.repeated());
        wrong(Fault.UNFENCED, sampler.late());
        wrong(Fault.PHANTOM, sampler.rolledBack());
    }

    private void wrong(Fault fault, Optional<String> what) {
        if (what.isPresent() && !told) {
            told = true;
            found(fault, "jobs", what.get());
        }
    }

    @Override
    synchronized void release() {
        if (!comesTrue(() -> sampler.undone(enqueued).isEmpty(), PATIENCE)) {
            sampler.undone(enqueued).ifPresent(what -> found(Fault.STUCK, "jobs", what + ", though all is well again"));
        }
        look();
        sampler.close();
    }

    @Override
    public synchronized String line() {
        return enqueued.size() + " jobs enqueued by SQL, " + attempts + " attempts at them";
    }
}
