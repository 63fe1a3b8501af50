package dev.tutti.edge.flow;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/**
 * Takes tasks to the event loops of connections. When an edge has stopped, its loops have ended and with them all
 * connections: what somebody then still has to do for one of them is left undone.
 */
public final class EventLoops {
    private EventLoops() {}

    /** Does {@code task} on {@code loop}, behind what waits there. Safe from any thread; whether it will be done. */
    public static boolean later(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException ended) {
            if (!loop.isShuttingDown()) {
                throw ended;
            }
            return false;
        }
    }

    /** Does {@code task} on {@code loop}, at once if that is this thread's. Safe from any thread. */
    public static void now(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            later(loop, task);
        }
    }
}
