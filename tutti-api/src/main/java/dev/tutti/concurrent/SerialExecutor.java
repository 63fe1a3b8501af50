package dev.tutti.concurrent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time and in order, on a virtual thread that exists only while there are any. Tasks may block.
 * Throwables of a task, {@code Error}s included, are noted with {@link Failures}, and the next one runs; an owner that cannot
 * go on then catches it within the task. Between two tasks other virtual threads get their turn. It has no bound of its own: its
 * owner looks at {@link #waiting} and stops.
 */
public final class SerialExecutor implements Executor {
    private final String name;
    private @Nullable Queue<Runnable> tasks; // null while none waits, because most of many thousands are idle
    private boolean running;

    /** An executor whose threads bear {@code name}. */
    public SerialExecutor(String name) {
        this.name = name;
    }

    @Override
    public synchronized void execute(Runnable task) {
        if (running) {
            if (tasks == null) {
                tasks = new ArrayDeque<>();
            }
            tasks.add(task);
        } else {
            Thread.ofVirtual().name(name).start(() -> run(task));
            running = true; // not before: without a thread, the next task tries again
        }
    }

    /** Tasks that have not begun, but for the first one. */
    public synchronized int waiting() {
        return tasks == null ? 0 : tasks.size();
    }

    @SuppressWarnings("ThreadPriorityCheck") // a long queue of one owner must not keep all others waiting
    private void run(Runnable first) {
        for (@Nullable Runnable task = first; task != null; task = next()) {
            Failures.guard(name, task);
            Thread.yield();
            boolean _ = Thread.interrupted(); // one that this task has left behind is not the next one's
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = tasks == null ? null : tasks.poll();
        if (task == null) {
            tasks = null;
            running = false;
        }
        return task;
    }
}
