package dev.tutti.bus;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * For those who write a {@link Bus}: what has come and was not heard yet. At most 50,000 messages and 64 MiB wait; what
 * does not fit is lost, and the listener is told before it hears anything that came later. Safe for use by many threads,
 * of which none is blocked; one virtual thread of its own calls the listener.
 */
public final class Inbox implements AutoCloseable {
    private static final int MAX_WAITING = 50_000;
    private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private record Arrived(String topic, int bytes, Supplier<byte @Nullable []> payload) {}

    /** Lets the thread see that there is a gap, or that it shall end. */
    private static final Arrived WAKE = new Arrived("", 0, () -> null);

    private final BusListener listener;
    private final BlockingQueue<Arrived> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean gap = new AtomicBoolean();
    private final LongAdder received = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private volatile boolean closed;

    /** For {@code listener}, which a thread called {@code name} calls. */
    public Inbox(String name, BusListener listener) {
        this.listener = listener;
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** A message has come. */
    public void add(String topic, byte[] payload) {
        add(topic, payload.length, () -> payload);
    }

    /** A message has come whose payload is fetched when it is its turn; null if it is gone by then. */
    public void add(String topic, int bytes, Supplier<byte @Nullable []> payload) {
        if (waitingBytes.addAndGet(bytes) > MAX_WAITING_BYTES || !queue.offer(new Arrived(topic, bytes, payload))) {
            waitingBytes.addAndGet(-bytes);
            dropped.increment();
            gap.set(true); // a full queue needs nobody to wake its reader
        }
    }

    /** Messages may have been lost up to now. */
    public void gap() {
        gap.set(true);
        wake();
    }

    /** The thread is awake if there is something in the queue, so it does not matter if this does not fit in. */
    private void wake() {
        boolean _ = queue.offer(WAKE);
    }

    /** Messages that the listener was given. */
    public long received() {
        return received.sum();
    }

    /** Messages that the listener was not given. */
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        try {
            while (true) {
                Arrived next = queue.take();
                waitingBytes.addAndGet(-next.bytes());
                if (closed) {
                    return;
                }
                deliver(next);
            }
        } catch (InterruptedException toEnd) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(Arrived next) {
        byte @Nullable [] payload = next.payload().get();
        if (payload == null && !next.equals(WAKE)) {
            dropped.increment();
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

    /** Ends the calls: one that is going on is waited for, for a second, then interrupted. Idempotent. */
    @Override
    public void close() {
        closed = true;
        wake();
        try {
            if (!thread.join(PATIENCE)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
