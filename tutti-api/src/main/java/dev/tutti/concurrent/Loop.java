package dev.tutti.concurrent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread of its own that takes one step after the other until this is closed. Whatever a step throws, {@code Error}s
 * included, is noted with {@link Failures}, and the next step comes after a pause.
 */
public final class Loop implements AutoCloseable {
    /** The return value of a step after which there is no other one. */
    public static final Duration END = Duration.ofNanos(-1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The work that is done again and again. */
    @FunctionalInterface
    public interface Step {
        /**
         * Does it once, and may block.
         *
         * @return the pause before the next step, or {@link #END}
         * @throws InterruptedException to take the next step, unless the loop was closed
         */
        Duration take() throws InterruptedException;
    }

    private final Duration pauseAfterFailure;
    private final Step step;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Does not run before {@link #start}.
     *
     * @param thread makes the thread; a platform thread for what must go on while virtual threads are busy
     */
    public Loop(Thread.Builder thread, Duration pauseAfterFailure, Step step) {
        this.pauseAfterFailure = pauseAfterFailure;
        this.step = step;
        this.thread = thread.unstarted(this::run);
    }

    /** A daemon thread called {@code name} that virtual threads cannot keep from running. */
    public static Thread.Builder platform(String name) {
        return Thread.ofPlatform().daemon().name(name);
    }

    /** A virtual thread called {@code name}. */
    public static Thread.Builder virtual(String name) {
        return Thread.ofVirtual().name(name);
    }

    /** Begins; called once. */
    public Loop start() {
        thread.start();
        return this;
    }

    private void run() {
        Duration pause = Duration.ZERO;
        while (!pause.isNegative() && !isClosedAfter(pause)) {
            try {
                pause = step.take();
            } catch (InterruptedException again) {
                pause = Duration.ZERO;
            } catch (Throwable failure) { // the thread's end would be noticed by nobody
                Failures.note(thread.getName(), failure);
                pause = pauseAfterFailure;
            }
        }
    }

    /** An interrupt that a step left behind must not end the loop. */
    private boolean isClosedAfter(Duration pause) {
        Deadline end = Deadline.in(pause);
        while (true) {
            try {
                return closing.await(end.left().toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException stray) {
                boolean closed = closing.getCount() == 0;
                if (closed) {
                    return true;
                }
            }
        }
    }

    /** Waits until a step has returned {@link #END}; false if none has after {@code patience}. */
    public boolean ended(Duration patience) {
        try {
            return thread.getState() == Thread.State.NEW || thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lets a step that is going on end, for at most five seconds, and takes no other one. Idempotent. */
    @Override
    public void close() {
        close(PATIENCE);
    }

    /** Lets a step that is going on end, for at most {@code patience}, interrupts it then, and takes no other one. */
    public void close(Duration patience) {
        closing.countDown();
        if (!Thread.currentThread().equals(thread) && !ended(patience)) {
            thread.interrupt();
        }
    }
}
