package dev.tutti.bench.job;

import java.util.List;
import java.util.function.IntConsumer;

/** Something that keeps jobs and runs them, in a database of its own. Safe for use by many threads. */
interface JobSystem extends AutoCloseable {
    /** Opens one. */
    @FunctionalInterface
    interface Kind {
        /**
         * One in the empty database at {@code url}, with {@code threads} that run jobs, and as many connections and a few more.
         *
         * @param run is given the number of each job that runs
         */
        JobSystem open(String url, int threads, IntConsumer run);
    }

    /** Connections beside those of the threads: for polls, heartbeats and callers. */
    int MORE_CONNECTIONS = 4;

    /** Enqueues jobs with those numbers, durably and in one call; they run when {@link #start} has been called. Blocks. */
    void enqueue(List<Integer> numbers);

    /** Begins to run jobs. */
    void start();

    /** Whether the database says that all jobs are done. Blocks. */
    boolean isDone();

    @Override
    void close();
}
