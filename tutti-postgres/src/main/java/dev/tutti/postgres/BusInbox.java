package dev.tutti.postgres;

import dev.tutti.bus.BusListener;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has come and was not heard yet, bounded in number and bytes: what does not fit is lost, and the listener is told.
 * One virtual thread calls the listener.
 */
final class BusInbox implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BusInbox.class);
    private static final int MAX_WAITING = 50_000;
    private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;

    /** Gets a message's payload, on the inbox's thread. */
    interface Content {
        /** The payload; null if it is gone. */
        byte @Nullable [] payload();
    }

    private record Arrived(String topic, int bytes, Content content) {}

    private static final Arrived WAKE = new Arrived("", 0, () -> null);

    private final BusListener listener;
    private final BlockingQueue<Arrived> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean gap = new AtomicBoolean();
    private final LongAdder received = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private volatile boolean closed;

    BusInbox(BusListener listener) {
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("tutti-bus-inbox").start(this::run);
    }

    /** A message has come. */
    void add(String topic, int bytes, Content content) {
        if (waitingBytes.addAndGet(bytes) > MAX_WAITING_BYTES || !queue.offer(new Arrived(topic, bytes, content))) {
            waitingBytes.addAndGet(-bytes);
            dropped.increment();
            gap.set(true); // told before the next message that was taken later, or now
        }
    }

    /** Something was lost before whatever comes next. */
    void gap() {
        gap.set(true);
        boolean told = queue.offer(WAKE);
        log.debug("A gap, to be told {}", told ? "now" : "with what waits");
    }

    long received() {
        return received.sum();
    }

    long dropped() {
        return dropped.sum();
    }

    private void run() {
        try {
            while (!closed) {
                Arrived next = queue.take();
                waitingBytes.addAndGet(-next.bytes());
                byte @Nullable [] payload = next.content().payload();
                if (payload == null && !next.equals(WAKE)) {
                    gap.set(true);
                }
                if (gap.compareAndSet(true, false)) {
                    listener.onGap();
                }
                if (payload != null) {
                    received.increment();
                    listener.onMessage(next.topic(), payload);
                }
            }
        } catch (InterruptedException toEnd) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends deliveries: the one that is going on is waited for, for a second. */
    @Override
    public void close() {
        closed = true;
        boolean woken = queue.offer(WAKE);
        try {
            if (!woken || !thread.join(Duration.ofSeconds(1))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
