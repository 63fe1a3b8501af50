package dev.tutti.scores;

import dev.tutti.worker.WorkerContext;

/**
 * Versions that grow from one worker to the next: they begin with the token of its lease, which is larger than those before. So a
 * worker that stood still while another took over publishes versions that are refused. For one thread.
 */
final class Versions {
    private long last;

    /** Those of {@code worker}. */
    Versions(WorkerContext worker) {
        last = worker.lease().token();
    }

    /** The next one. */
    long next() {
        return ++last;
    }
}
