package dev.tutti.edge.flow;

import dev.tutti.concurrent.Failures;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Calls each connection once per interval, on its event loop: one timer per loop, not one per connection. The connections
 * of a loop are spread over the interval, so that their pings do not come all at once. Safe for use by many threads.
 */
public final class Heartbeats implements AutoCloseable {
    private static final int MOST_SLOTS = 32;
    private static final Duration SHORTEST_SLOT = Duration.ofMillis(5);

    private final Duration interval;
    private final int slotCount;
    private final ConcurrentMap<EventLoop, TimerWheel> wheels = new ConcurrentHashMap<>(); // one per event loop
    private volatile boolean closed;

    /** Heartbeats once per {@code interval}. */
    public Heartbeats(Duration interval) {
        this.interval = interval;
        this.slotCount = Math.clamp(interval.dividedBy(SHORTEST_SLOT), 1, MOST_SLOTS);
    }

    /** The time between two calls of a task. */
    public Duration interval() {
        return interval;
    }

    /** Calls {@code task} once per interval until the returned handle is closed. Add and close on {@code loop}. Does nothing after {@link #close}. */
    public Handle add(EventLoop loop, Runnable task) {
        TimerWheel wheel = wheels.computeIfAbsent(loop, TimerWheel::new);
        return closed ? () -> {} : wheel.add(task);
    }

    @Override
    public void close() {
        closed = true;
        wheels.values().forEach(TimerWheel::close);
    }

    /** Confined to its event loop. */
    private final class TimerWheel implements Runnable {
        private final List<List<ScheduledTask>> slots = new ArrayList<>(slotCount);
        private final ScheduledFuture<?> timer;
        private int slot;
        private int next;

        TimerWheel(EventLoop loop) {
            for (int i = 0; i < slotCount; i++) {
                slots.add(new ArrayList<>());
            }
            long pause = interval.toNanos() / slotCount;
            timer = loop.scheduleAtFixedRate(this, pause, pause, TimeUnit.NANOSECONDS);
        }

        ScheduledTask add(Runnable task) {
            ScheduledTask scheduled = new ScheduledTask(task);
            slots.get(next).add(scheduled);
            next = (next + 1) % slotCount;
            return scheduled;
        }

        @Override
        public void run() {
            List<ScheduledTask> due = slots.get(slot);
            slot = (slot + 1) % slotCount;
            due.removeIf(scheduled -> scheduled.closed);
            // by index, because a task may close its handle or others, or add a task
            int size = due.size();
            for (int i = 0; i < size; i++) {
                ScheduledTask scheduled = due.get(i);
                if (!scheduled.closed) {
                    Failures.guard("The heartbeat of a connection", scheduled.task); // Netty ends a timer that throws
                }
            }
        }

        void close() {
            timer.cancel(false);
        }
    }

    private static final class ScheduledTask implements Handle {
        private static final Runnable NOTHING = ScheduledTask::nothing;

        private Runnable task;
        private boolean closed;

        ScheduledTask(Runnable task) {
            this.task = task;
        }

        private static void nothing() {}

        /** Releases the connection at once; otherwise its slot would keep it reachable until the wheel comes to it. */
        @Override
        public void close() {
            closed = true;
            task = NOTHING;
        }
    }
}
