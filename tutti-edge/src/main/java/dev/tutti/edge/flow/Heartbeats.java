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

    /** How far apart the calls are. */
    public Duration interval() {
        return interval;
    }

    /** Calls {@code beat} once per interval until the returned is closed; both to be done on {@code loop}. */
    public Handle add(EventLoop loop, Runnable beat) {
        TimerWheel wheel = wheels.computeIfAbsent(loop, TimerWheel::new);
        return closed ? () -> {} : wheel.add(beat);
    }

    @Override
    public void close() {
        closed = true;
        wheels.values().forEach(TimerWheel::close);
    }

    /** Confined to its event loop. */
    private final class TimerWheel implements Runnable {
        private final List<List<Beat>> slots = new ArrayList<>(slotCount);
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

        Beat add(Runnable task) {
            Beat beat = new Beat(task);
            slots.get(next).add(beat);
            next = (next + 1) % slotCount;
            return beat;
        }

        @Override
        public void run() {
            List<Beat> due = slots.get(slot);
            slot = (slot + 1) % slotCount;
            due.removeIf(beat -> beat.closed);
            // by index, because a beat may close itself, or others, or add one
            int size = due.size();
            for (int i = 0; i < size; i++) {
                Beat beat = due.get(i);
                if (!beat.closed) {
                    Failures.guard("The heartbeat of a connection", beat.task); // Netty ends a timer that throws
                }
            }
        }

        void close() {
            timer.cancel(false);
        }
    }

    private static final class Beat implements Handle {
        private static final Runnable NOTHING = Beat::nothing;

        private Runnable task;
        private boolean closed;

        Beat(Runnable task) {
            this.task = task;
        }

        private static void nothing() {}

        /** Lets go of the connection, which would be kept until its turn came otherwise. */
        @Override
        public void close() {
            closed = true;
            task = NOTHING;
        }
    }
}
