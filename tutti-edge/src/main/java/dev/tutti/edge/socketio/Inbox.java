package dev.tutti.edge.socketio;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers' work of one connection, one piece at a time and in order, on a virtual thread that exists only while there
 * is any. Tells when it is full; what is added all the same is taken. Safe for use by many threads.
 */
final class Inbox {
    private static final Logger log = LoggerFactory.getLogger(Inbox.class);

    private record Work(Runnable task, int bytes) {}

    private final int maxTasks;
    private final int maxBytes;
    private final Runnable onRoom;
    private @Nullable Queue<Work> waiting; // null while nothing is
    private int bytes;
    private boolean running;
    private boolean full;

    /** One that is full with {@code maxTasks} or {@code maxBytes}, and calls {@code onRoom} when half of it is free again. */
    Inbox(int maxTasks, int maxBytes, Runnable onRoom) {
        this.maxTasks = maxTasks;
        this.maxBytes = maxBytes;
        this.onRoom = onRoom;
    }

    /** Adds {@code task}, which stands for {@code size} bytes of input; false if it is full now. */
    synchronized boolean add(Runnable task, int size) {
        if (!running) {
            running = true;
            Thread.ofVirtual().name("tutti-socket").start(() -> run(task));
            return true;
        }
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.add(new Work(task, size));
        bytes += size;
        full = full || waiting.size() >= maxTasks || bytes >= maxBytes;
        return !full;
    }

    synchronized boolean isFull() {
        return full;
    }

    private void run(Runnable first) {
        for (@Nullable Runnable task = first; task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException defect) {
                log.error("A handler's task failed; the connection's next one runs", defect);
            }
        }
    }

    private @Nullable Runnable next() {
        @Nullable Work work;
        boolean room;
        synchronized (this) {
            work = waiting == null ? null : waiting.poll();
            if (work == null) {
                waiting = null;
                running = false;
            } else {
                bytes -= work.bytes;
            }
            room = full && (waiting == null || (waiting.size() <= maxTasks / 2 && bytes <= maxBytes / 2));
            full = full && !room;
        }
        if (room) {
            onRoom.run();
        }
        return work == null ? null : work.task;
    }
}
