package dev.tutti.concurrent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A background thread that runs a step again and again, until the step returns {@link #END} or the loop is closed. Anything that a step
 * throws, {@code Error}s included, is noted with {@link Failures}; the next step runs after a pause. Safe for use by many threads.
 */
public final class Loop implements AutoCloseable {
    /** The return value of the last step: no other step runs, and the thread ends. */
    public static final Duration END = Duration.ofNanos(-1);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** The repeated work. */
    @FunctionalInterface
    public interface Step {
        /**
         * Does the work once, on the thread of the loop. May block.
         *
         * @return the pause before the next step, or {@link #END}; {@link #close} ends the pause
         * @throws InterruptedException if the thread was interrupted; then the next step runs at once, unless the loop is closed. This does
         *     not count as a failure
         */
        Duration take() throws InterruptedException;
    }

    private final Duration pauseAfterFailure;
    private final Step step;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * A loop that does not run before {@link #start}.
     *
     * @param thread creates the thread, see {@link #platform} and {@link #virtual}; its name is the kind of task in the log of failures
     * @param pauseAfterFailure the pause after a step that threw; zero or more
     */
    public Loop(Thread.Builder thread, Duration pauseAfterFailure, Step step) {
        this.pauseAfterFailure = pauseAfterFailure;
        this.step = step;
        this.thread = thread.unstarted(this::run);
    }

    /** A builder of a platform daemon thread called {@code name}. It also runs while all carriers of virtual threads are busy. */
    public static Thread.Builder platform(String name) {
        return Thread.ofPlatform().daemon().name(name);
    }

    /** A builder of a virtual thread called {@code name}. */
    public static Thread.Builder virtual(String name) {
        return Thread.ofVirtual().name(name);
    }

    /**
     * Starts the thread, and returns this loop.
     *
     * @throws IllegalThreadStateException if the loop was started before
     */
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
            } catch (Throwable failure) { // nobody would notice the end of the thread
                Failures.note(thread.getName(), failure);
                pause = pauseAfterFailure;
            }
        }
    }

    /** Waits for {@code pause}, or until the loop is closed. An interrupt that a step left behind does not end the loop. */
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

    /**
     * Waits until the thread has ended.
     *
     * @return whether it has ended within {@code timeout}, or was never started; false also if the waiting thread is interrupted, whose
     *     interrupt status stays set
     */
    public boolean ended(Duration timeout) {
        try {
            return thread.getState() == Thread.State.NEW || thread.join(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** As {@link #close(Duration)}, with five seconds. Idempotent. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /**
     * Ends the loop: no other step begins. Blocks until the step that is running has ended, for at most {@code timeout}; after that the
     * step is interrupted, and this method does not wait for its end. When a step itself calls this method, it returns at once. Idempotent.
     */
    public void close(Duration timeout) {
        closing.countDown();
        if (!Thread.currentThread().equals(thread) && !ended(timeout)) {
            thread.interrupt();
        }
    }
}
