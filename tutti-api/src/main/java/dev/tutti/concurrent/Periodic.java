package dev.tutti.concurrent;

import java.time.Duration;

/**
 * A task that is run again and again, at once and then with a pause after each run, on a thread of its own, until this is
 * closed. A run that fails, with whatever it throws, is noted with {@link Failures}, and the next one comes all the same.
 */
public final class Periodic implements AutoCloseable {
    private final Loop loop;

    /** Starts at once, on a virtual thread called {@code name}. */
    public Periodic(String name, Duration pause, Runnable task) {
        this(Loop.virtual(name), pause, task);
    }

    /**
     * Starts at once, on a virtual thread called {@code name}, a task that needs something which may be away: that is no failure, and {@code
     * outage} says so once.
     */
    public Periodic(String name, Duration pause, OutageLog outage, Runnable task) {
        this(name, pause, () -> {
            boolean _ = outage.passes(task);
        });
    }

    /** Starts at once, on a thread that {@code thread} makes: {@link Loop#platform} for what must not be late. */
    public Periodic(Thread.Builder thread, Duration pause, Runnable task) {
        loop = new Loop(thread, pause, () -> {
                    task.run();
                    return pause;
                })
                .start();
    }

    /** Lets a run that is going on end, for at most five seconds, and starts no more. Idempotent. */
    @Override
    public void close() {
        loop.close();
    }
}
