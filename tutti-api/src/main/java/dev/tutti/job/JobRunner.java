package dev.tutti.job;

/** Jobs with the life of the instance that runs them, which closes them. Safe for use by many threads. */
public interface JobRunner extends Jobs, AutoCloseable {
    /** Whether jobs could be begun here when that was tried last, or none are run here. Never blocks. */
    boolean isSound();

    /**
     * Begins no other job, and lets those that are running end for two seconds; then they are interrupted, and run again
     * elsewhere. Enqueueing goes on. Idempotent; blocks.
     */
    void drain();

    /** The same, and gives back all that it holds. Idempotent. */
    @Override
    void close();
}
