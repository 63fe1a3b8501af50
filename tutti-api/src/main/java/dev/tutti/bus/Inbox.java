package dev.tutti.bus;

import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Loop;
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
 * does not fit is lost, and so is what its listener throws at; the listener is told before it hears anything that came
 * later. Safe for use by many threads, of which none is blocked; one platform thread of its own calls the listener.
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
    private final Loop loop;
    private volatile boolean closed;

    /** For {@code listener}, which a thread called {@code name} calls. */
    public Inbox(String name, BusListener listener) {
        this.listener = listener;
        this.loop = new Loop(Loop.platform(name), Duration.ZERO, this::next).start();
    }

    /** A message has come. */
    public void add(String topic, byte[] payload) {
        add(topic, payload.length, () -> payload);
    }

    /** A message has come whose payload is fetched when it is its turn; null if it is gone by then. */
    public void add(String topic, int bytes, Supplier<byte @Nullable []> payload) {
        if (waitingBytes.addAndGet(bytes) > MAX_WAITING_BYTES || !queue.offer(new Arrived(topic, bytes, payload))) {
            waitingBytes.addAndGet(-bytes);
            lose(); // a full queue needs nobody to wake its reader
        }
    }

    private void lose() {
        dropped.increment();
        gap.set(true);
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

    private Duration next() throws InterruptedException {
        Arrived next = queue.take();
        waitingBytes.addAndGet(-next.bytes());
        if (closed) {
            return Loop.END;
        }
        try {
            deliver(next);
        } catch (Throwable failure) { // the listener's, or of who fetches a payload
            Failures.note("What a bus brought", failure);
            lose();
            if (!next.equals(WAKE)) {
                wake();
            }
        }
        return Duration.ZERO;
    }

    private void deliver(Arrived next) {
        byte @Nullable [] payload = next.payload().get();
        if (payload == null && !next.equals(WAKE)) {
            lose();
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
        loop.close(PATIENCE);
    }
}
