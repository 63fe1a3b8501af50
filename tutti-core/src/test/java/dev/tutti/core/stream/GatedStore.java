package dev.tutti.core.stream;

import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose reads are counted, fail if they are told to, and wait with what they have read while they are held. */
final class GatedStore extends ForwardingStreamStore {
    /** Of streams of the kind {@code short} only so many events are kept. */
    static final int SHORT = 3;

    /** Reads that have something to answer, or have failed. */
    final AtomicInteger reads = new AtomicInteger();

    private final StreamStore memory = new MemoryStreamStore(
            new RetentionPolicy(
                    Map.of("short", new Retention(Duration.ofDays(1), SHORT)), Retention.of(Duration.ofDays(1))),
            Clock.systemUTC());
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** From now on reads do not answer, until what this returns is counted down. */
    CountDownLatch hold() {
        CountDownLatch held = new CountDownLatch(1);
        gate = held;
        return held;
    }

    /** Those that are held stay so, and later ones do not wait. */
    void holdNoMore() {
        gate = new CountDownLatch(0);
    }

    /** Those that are held answer, and later ones do not wait. */
    void release() {
        gate.countDown();
    }

    /** The next reads fail with these, an exception or an error each. */
    void fail(Throwable... next) {
        failures.addAll(List.of(next));
    }

    /** Appends so many events, as another instance does of which nobody hears, and returns them. */
    List<Event> add(StreamName stream, int count) {
        List<Event> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Append append = new Append(stream, "said", Json.of("1"));
            Appended result = memory.append(List.of(append)).getFirst();
            added.add(new Event(stream, result.seq(), append.type(), append.data(), null, result.at()));
        }
        return added;
    }

    @Override
    protected StreamStore behind() {
        return memory;
    }

    @Override
    public ReadResult read(StreamName stream, Range range, int limit) {
        Throwable failure = failures.poll();
        ReadResult result = memory.read(stream, range, limit);
        reads.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the reader was closed by force", closing);
        }
        switch (failure) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalArgumentException("a store does not throw this", failure);
        }
        return result;
    }
}
