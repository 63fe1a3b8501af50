package dev.tutti.bus;

import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.HeapShare;
import dev.tutti.concurrent.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of a {@link Bus}, for implementations of the bus: a bounded queue of received messages, and the thread that passes them
 * to the {@link BusListener}. At most 50,000 messages wait, with at most {@link HeapShare#BUS_RECEIVED} bytes. A message that does not fit,
 * whose payload cannot be fetched, or at which the listener throws, is lost. Then {@link BusListener#onGap} is called before the next
 * message.
 *
 * <p>Messages are delivered in the order in which they were added. The payload of a message may still have to be fetched: until it is
 * there, later messages of its topic wait, and messages of other topics are delivered.
 *
 * <p>Safe for use by many threads; no method blocks except {@link #close}. The listener is called on one platform thread of this receiver.
 */
public final class BusReceiver implements AutoCloseable {
    private static final int MAX_WAITING = 50_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private record Arrived(String topic, int bytes, CompletableFuture<byte[]> payload) {}

    /** Wakes the thread, so that it reports a gap, delivers fetched messages, or ends. */
    private static final Arrived WAKE = new Arrived("", 0, new CompletableFuture<>());

    private final BusListener listener;
    private final long maxWaitingBytes = HeapShare.BUS_RECEIVED.bytes();
    private final BlockingQueue<Arrived> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    /** By topic: messages whose payloads are being fetched, and those behind them. Only for the thread. */
    private final Map<String, Queue<Arrived>> held = new HashMap<>();

    private final Queue<String> fetched = new ConcurrentLinkedQueue<>(); // topics whose first held message is there
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean gap = new AtomicBoolean();
    private final LongAdder received = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Loop loop;
    private volatile boolean closed;

    /** Starts a receiver, whose thread is called {@code name}. {@code listener} must return quickly, because all messages wait for it. */
    public BusReceiver(String name, BusListener listener) {
        this.listener = listener;
        this.loop = new Loop(Loop.platform(name), Duration.ZERO, this::next).start();
    }

    /** Adds a message that has arrived. The payload is not copied: the caller must not change it afterwards. */
    public void add(String topic, byte[] payload) {
        add(topic, payload.length, CompletableFuture.completedFuture(payload));
    }

    /**
     * Adds a message that has arrived without its payload.
     *
     * @param bytes the length of the payload, counted from now on
     * @param payload completes with the payload when it has been fetched. If it fails, the message is lost
     */
    public void add(String topic, int bytes, CompletableFuture<byte[]> payload) {
        int messages = waiting.incrementAndGet();
        long sum = waitingBytes.addAndGet(bytes);
        if (messages > MAX_WAITING || sum > maxWaitingBytes || !queue.offer(new Arrived(topic, bytes, payload))) {
            release(bytes);
            lose(); // the thread is awake already if there is too much to do
        }
    }

    private void release(int bytes) {
        waiting.decrementAndGet();
        waitingBytes.addAndGet(-bytes);
    }

    private void lose() {
        dropped.increment();
        gap.set(true);
    }

    /** Reports that messages may have been lost up to now: the listener gets {@link BusListener#onGap} soon. */
    public void gap() {
        gap.set(true);
        wake();
    }

    /** If the queue is full, the thread is awake anyway. */
    private void wake() {
        boolean _ = queue.offer(WAKE);
    }

    /** The number of messages that were passed to the listener, including those at which it threw. */
    public long received() {
        return received.sum();
    }

    /** The number of messages that were lost here, including those at which the listener threw. */
    public long dropped() {
        return dropped.sum();
    }

    private Duration next() throws InterruptedException {
        Arrived next = queue.take();
        if (closed) {
            return Loop.END;
        }
        if (next.equals(WAKE)) {
            tellGap();
        } else {
            take(next);
        }
        for (String topic = fetched.poll(); topic != null; topic = fetched.poll()) {
            deliverHeld(topic);
        }
        return Duration.ZERO;
    }

    private void take(Arrived next) {
        Queue<Arrived> before = held.get(next.topic());
        if (before != null) {
            before.add(next);
        } else if (next.payload().isDone()) {
            deliver(next);
        } else {
            Queue<Arrived> first = new ArrayDeque<>();
            first.add(next);
            held.put(next.topic(), first);
            resumeWhenFetched(next);
        }
    }

    private void resumeWhenFetched(Arrived first) {
        var _ = first.payload().whenComplete((_, _) -> {
            fetched.add(first.topic());
            wake();
        });
    }

    private void deliverHeld(String topic) {
        Queue<Arrived> queued = held.getOrDefault(topic, new ArrayDeque<>());
        for (Arrived first = queued.peek(); first != null; first = queued.peek()) {
            if (!first.payload().isDone()) {
                resumeWhenFetched(first);
                return;
            }
            queued.remove();
            deliver(first);
        }
        held.remove(topic);
    }

    private void deliver(Arrived next) {
        release(next.bytes());
        byte @Nullable [] payload = next.payload().isCompletedExceptionally()
                ? null
                : next.payload().join();
        if (payload == null) {
            lose();
        }
        tellGap();
        if (payload != null) {
            received.increment();
            if (!isTaken(() -> listener.onMessage(next.topic(), payload))) {
                wake();
            }
        }
    }

    private void tellGap() {
        if (gap.compareAndSet(true, false)) {
            boolean _ = isTaken(listener::onGap);
        }
    }

    private boolean isTaken(Runnable call) {
        boolean taken = Failures.guard("What a bus brought", call);
        if (!taken) {
            lose();
        }
        return taken;
    }

    /**
     * Ends delivery; messages that wait are dropped. Blocks for at most a second until the present call has ended, then interrupts it.
     * Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        wake();
        loop.close(CLOSE_TIMEOUT);
    }
}
