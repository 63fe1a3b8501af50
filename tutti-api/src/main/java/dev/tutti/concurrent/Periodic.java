package dev.tutti.concurrent;

import java.time.Duration;

/**
 * Runs a task periodically on its own thread: at once, and then again with a pause after the end of each run, until it is closed. Anything
 * that a run throws, {@code Error}s included, is noted with {@link Failures}, and the next run follows after the same pause. Safe for use
 * by many threads.
 */
public final class Periodic implements AutoCloseable {
    private final Loop loop;

    /** Starts at once, on a virtual thread called {@code name}. The pause is zero or more. */
    public Periodic(String name, Duration pause, Runnable task) {
        this(Loop.virtual(name), pause, task);
    }

    /**
     * Starts at once, on a virtual thread called {@code name}. The task needs a dependency that may be unavailable. An {@linkplain
     * OutageLog#isOutage outage} does not count as a failure: {@code outage} logs its beginning and its end.
     */
    public Periodic(String name, Duration pause, OutageLog outage, Runnable task) {
        this(name, pause, () -> {
            boolean _ = outage.passes(task);
        });
    }

    /** Starts at once, on a thread that {@code thread} creates: {@link Loop#platform} for a task that must not be late. */
    public Periodic(Thread.Builder thread, Duration pause, Runnable task) {
        loop = new Loop(thread, pause, () -> {
                    task.run();
                    return pause;
                })
                .start();
    }

    /** Ends it: no other run begins. Waits up to five seconds for the end of the present run, then interrupts it. Idempotent. */
    @Override
    public void close() {
        loop.close();
    }
}
