package dev.tutti.concurrent;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time and in order, on a virtual thread that exists only while there are any. Tasks may block.
 * Throwables of a task, {@code Error}s included, are noted with {@link Failures}, and the next one runs; an owner that cannot
 * go on then catches it within the task. Between two tasks other virtual threads get their turn. It has no bound of its own: its
 * owner looks at {@link #waiting} and stops. Safe for use by many threads.
 */
public final class SerialExecutor implements Executor {
    private final String name;
    // linked: a queue in an array that has no memory to grow loses a task
    private @Nullable QueuedTask first;
    private @Nullable QueuedTask last;
    private int waiting;
    private boolean running;

    /** A task that waits. */
    private static final class QueuedTask {
        private final Runnable task;
        private @Nullable QueuedTask next;

        QueuedTask(Runnable task) {
            this.task = task;
        }
    }

    /** An executor whose threads bear {@code name}. */
    public SerialExecutor(String name) {
        this.name = name;
    }

    /**
     * Runs {@code task} behind those that wait. If this throws, for want of a thread or of memory, {@code task} does not run, and all
     * others do.
     */
    @Override
    public synchronized void execute(Runnable task) {
        if (running) {
            add(new QueuedTask(task));
        } else {
            Thread.ofVirtual().name(name).start(() -> run(task));
            running = true; // not before: without a thread, the next task tries again
        }
    }

    private void add(QueuedTask added) {
        if (last == null) {
            first = added;
        } else {
            last.next = added;
        }
        last = added;
        waiting++;
    }

    /** Tasks that have not begun, but for the first one. */
    public synchronized int waiting() {
        return waiting;
    }

    @SuppressWarnings("ThreadPriorityCheck") // a long queue of one owner must not keep all others waiting
    private void run(Runnable begin) {
        for (@Nullable Runnable task = begin; task != null; task = next()) {
            try {
                Failures.guard(name, task);
                Thread.yield();
            } catch (Throwable noMemory) {
                // to leave the processor takes some, too: without it the next task begins at once
            }
            boolean _ = Thread.interrupted(); // one that this task has left behind is not the next one's
        }
    }

    private synchronized @Nullable Runnable next() {
        QueuedTask next = first;
        if (next == null) {
            running = false;
            return null;
        }
        first = next.next;
        next.next = null; // an old one that holds younger ones keeps them from being collected
        if (first == null) {
            last = null;
        }
        waiting--;
        return next.task;
    }
}
