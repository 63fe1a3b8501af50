package dev.tutti.job;

/**
 * The {@link Jobs} of one instance, with the methods by which the instance ends them. A backend implements this. Safe for use by many
 * threads.
 */
public interface JobRunner extends Jobs, AutoCloseable {
    /** Whether the latest attempt to begin jobs at this instance succeeded, or it runs no jobs. Never blocks. */
    boolean isSound();

    /**
     * Begins no more jobs, and gives running jobs two seconds to end. Then they are interrupted, and run again at another instance. Jobs
     * can still be enqueued. Idempotent; blocks.
     */
    void drain();

    /** Drains, and releases all resources. Idempotent. */
    @Override
    void close();
}
