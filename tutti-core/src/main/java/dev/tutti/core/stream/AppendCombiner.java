package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Puts the appends of concurrent callers into common transactions. While one is being committed the next gathers, so that
 * the size follows the load and an idle system adds no delay. One virtual thread talks to the store.
 */
final class AppendCombiner {
    private static final int MAX_BATCH = 1_000;
    private static final int MAX_BATCH_BYTES = 4 * 1024 * 1024;
    private static final int MAX_WAITING = 20_000;
    private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;

    private record Waiting(Append append, CompletableFuture<Appended> result) {}

    /** Wakes the thread to see that it shall end, being done already; an interrupt could tear a connection of the store. */
    private static final Waiting WAKE = new Waiting(
            new Append(StreamName.of("tutti", "wake"), "wake", Json.of("null")),
            CompletableFuture.completedFuture(new Appended(0, Instant.EPOCH, true)));

    private final StreamStore store;
    private final BiConsumer<List<Append>, List<Appended>> committed;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    /** Tells {@code committed} what was added, before the callers hear of it. */
    AppendCombiner(StreamStore store, String name, BiConsumer<List<Append>, List<Appended>> committed) {
        this.store = store;
        this.committed = committed;
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** The event is durable when the result is there; what depends on it runs on the combiner's thread, and must be brief. */
    CompletableFuture<Appended> append(Append append) {
        Waiting waiting = new Waiting(append, new CompletableFuture<>());
        if (closed) {
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is closing; append at another one");
        }
        if (waitingBytes.addAndGet(append.data().length()) > MAX_WAITING_BYTES || !queue.offer(waiting)) {
            waitingBytes.addAndGet(-append.data().length());
            throw new TuttiException(
                    ErrorCode.OVERLOADED,
                    "too many appends are waiting for the store; at most " + MAX_WAITING + " or " + MAX_WAITING_BYTES
                            + " bytes may",
                    Duration.ofSeconds(1));
        }
        if (closed && queue.remove(waiting)) {
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is closing; append at another one");
        }
        return waiting.result();
    }

    int waiting() {
        return queue.size();
    }

    private void run() {
        try {
            while (!closed || !queue.isEmpty()) {
                List<Waiting> batch = gather();
                if (!batch.isEmpty()) {
                    write(batch);
                }
            }
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Waiting> gather() throws InterruptedException {
        List<Waiting> batch = new ArrayList<>();
        int bytes = 0;
        for (Waiting next = queue.take(); next != null; next = queue.poll()) {
            if (next.result().isDone()) {
                break; // the one that wakes
            }
            batch.add(next);
            bytes += next.append().data().length();
            waitingBytes.addAndGet(-next.append().data().length());
            if (batch.size() == MAX_BATCH || bytes >= MAX_BATCH_BYTES) {
                break;
            }
        }
        return batch;
    }

    private void write(List<Waiting> batch) {
        List<Append> appends = batch.stream().map(Waiting::append).toList();
        List<Appended> results;
        try {
            results = store.append(appends);
            committed.accept(appends, results);
        } catch (RuntimeException failure) {
            fail(batch, failure);
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).result().complete(results.get(i));
        }
    }

    /** One append that the store cannot take must not fail its neighbours: each then goes alone. */
    private void fail(List<Waiting> batch, RuntimeException failure) {
        boolean away = failure instanceof TuttiException known && known.code() == ErrorCode.UNAVAILABLE;
        if (away || batch.size() == 1) {
            batch.forEach(waiting -> waiting.result().completeExceptionally(failure));
        } else {
            batch.forEach(waiting -> write(List.of(waiting)));
        }
    }

    /** Takes no more, and writes what waits. Does not block. */
    void end() {
        closed = true;
        queue.offer(WAKE); // if there is no room for it, the thread is awake
    }

    /**
     * Waits until what was waiting is written.
     *
     * @throws TuttiException if that has not happened by {@code deadline}
     */
    void close(Deadline deadline) {
        end();
        try {
            if (!thread.join(deadline.left())) {
                throw new TuttiException(
                        ErrorCode.TIMEOUT, queue.size() + " appends still wait for the store, which is too slow or away");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
