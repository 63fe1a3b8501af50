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
 * The receiving end of a {@link Bus}, for its backends: a bounded queue of messages that have come, and the thread that gives them to
 * the bus's listener. At most 50,000 messages wait, of a {@linkplain HeapShare#BUS_RECEIVED share of the heap}. Messages that do not
 * fit are lost, and so are those at which the listener throws; the listener is told of the gap before it hears anything that came
 * later. A message whose payload is still being fetched holds up those behind it on its topic, and no others. Safe for use
 * by many threads, of which none is blocked; one platform thread of its own calls the listener.
 */
public final class BusReceiver implements AutoCloseable {
    private static final int MAX_WAITING = 50_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private record Arrived(String topic, int bytes, CompletableFuture<byte[]> payload) {}

    /** Lets the thread see that there is a gap, or that it shall end. */
    private static final Arrived WAKE = new Arrived("", 0, new CompletableFuture<>());

    private final BusListener listener;
    private final long maxWaitingBytes = HeapShare.BUS_RECEIVED.bytes();
    private final BlockingQueue<Arrived> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Map<String, Queue<Arrived>> held = new HashMap<>(); // by topic; the thread's alone
    private final Queue<String> fetched = new ConcurrentLinkedQueue<>(); // topics of which the first held one is there
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean gap = new AtomicBoolean();
    private final LongAdder received = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Loop loop;
    private volatile boolean closed;

    /** For {@code listener}, which a thread called {@code name} calls. */
    public BusReceiver(String name, BusListener listener) {
        this.listener = listener;
        this.loop = new Loop(Loop.platform(name), Duration.ZERO, this::next).start();
    }

    /** A message has come. */
    public void add(String topic, byte[] payload) {
        add(topic, payload.length, CompletableFuture.completedFuture(payload));
    }

    /** A message of so many bytes has come whose payload is being fetched; it is lost if that fails. */
    public void add(String topic, int bytes, CompletableFuture<byte[]> payload) {
        int messages = waiting.incrementAndGet();
        long sum = waitingBytes.addAndGet(bytes);
        if (messages > MAX_WAITING || sum > maxWaitingBytes || !queue.offer(new Arrived(topic, bytes, payload))) {
            release(bytes);
            lose(); // a full queue needs nobody to wake its reader
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

    /** Ends the calls: one that is going on is waited for, for a second, then interrupted. Idempotent. */
    @Override
    public void close() {
        closed = true;
        wake();
        loop.close(PATIENCE);
    }
}
