package dev.tutti.concurrent;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time, in the order in which they were added, on a virtual thread that exists only while there are tasks. Tasks may
 * block. Anything that a task throws, {@code Error}s included, is noted with {@link Failures}, and the next task runs; a task that must
 * react to its failure catches it itself. Between two tasks other virtual threads may run. The queue has no bound: the owner compares
 * {@link #waiting} with its own bound before it adds a task. Safe for use by many threads.
 */
public final class SerialExecutor implements Executor {
    private final String name;
    // a linked list: a queue in an array would lose a task if there were no memory to enlarge the array
    private @Nullable QueuedTask first;
    private @Nullable QueuedTask last;
    private int waiting;
    private boolean running;

    /** A task in the queue. */
    private static final class QueuedTask {
        private final Runnable task;
        private @Nullable QueuedTask next;

        QueuedTask(Runnable task) {
            this.task = task;
        }
    }

    /** An executor without tasks. Its threads are called {@code name}, which is also the kind of task in the log of failures. */
    public SerialExecutor(String name) {
        this.name = name;
    }

    /**
     * Adds {@code task} to the end of the queue. Does not block. If this throws, because there is no memory or no thread, {@code task} does
     * not run; all other tasks do.
     */
    @Override
    public synchronized void execute(Runnable task) {
        if (running) {
            add(new QueuedTask(task));
        } else {
            Thread.ofVirtual().name(name).start(() -> run(task));
            running = true; // after the start: if it fails, the next task starts a thread
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

    /** The number of tasks in the queue. The task that runs, or is about to run as the first one, does not count. */
    public synchronized int waiting() {
        return waiting;
    }

    @SuppressWarnings("ThreadPriorityCheck") // yield: a long queue of one owner must not delay those of all others
    private void run(Runnable begin) {
        for (@Nullable Runnable task = begin; task != null; task = next()) {
            try {
                Failures.guard(name, task);
                Thread.yield();
            } catch (Throwable noMemory) {
                // Thread.yield needs memory, too; without it the next task begins at once
            }
            boolean _ = Thread.interrupted(); // an interrupt of this task does not reach the next one
        }
    }

    private synchronized @Nullable Runnable next() {
        QueuedTask next = first;
        if (next == null) {
            running = false;
            return null;
        }
        first = next.next;
        next.next = null; // an old entry must not keep newer ones from being collected
        if (first == null) {
            last = null;
        }
        waiting--;
        return next.task;
    }
}
