package dev.tutti.socketio.handler;

import dev.tutti.concurrent.Failures;
import java.util.concurrent.Executor;

/**
 * The handlers' work of one connection, one piece at a time and in order. Tells when it is full; what is added all the same
 * is taken. Safe for use by many threads.
 */
public final class HandlerQueue {
    private final Executor executor;
    private final int maxTasks;
    private final int maxBytes;
    private final Runnable onRoom;
    private int tasks; // that have not begun
    private int bytes; // of those
    private boolean full;

    /**
     * One that is full with {@code maxTasks} or {@code maxBytes}, and calls {@code onRoom} when half of it is free again; {@code
     * executor} runs the tasks in order.
     */
    public HandlerQueue(Executor executor, int maxTasks, int maxBytes, Runnable onRoom) {
        this.executor = executor;
        this.maxTasks = maxTasks;
        this.maxBytes = maxBytes;
        this.onRoom = onRoom;
    }

    /** Adds {@code task}, which stands for {@code size} bytes of input; false if it is full now. */
    public synchronized boolean add(Runnable task, int size) {
        executor.execute(() -> {
            begun(size);
            task.run();
        });
        tasks++;
        bytes += size;
        full = full || tasks >= maxTasks || bytes >= maxBytes;
        return !full;
    }

    /** Whether no more should be added now. */
    public synchronized boolean isFull() {
        return full;
    }

    private void begun(int size) {
        boolean room;
        synchronized (this) {
            tasks--;
            bytes -= size;
            room = full && tasks <= maxTasks / 2 && bytes <= maxBytes / 2;
            full = full && !room;
        }
        if (room) {
            Failures.guard("A connection that may send again", onRoom);
        }
    }
}
