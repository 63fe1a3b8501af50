package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Loop;
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
import org.jspecify.annotations.Nullable;

/**
 * Puts the appends of concurrent callers into common transactions. While one is being committed the next gathers, so that
 * the size follows the load and an idle system adds no delay. One {@link Loop} on a virtual thread talks to the store; appends to
 * streams that somebody keeps locked are {@link ParkedAppends}, and hold up no others.
 *
 * <p>Each caller is told: appends that were taken from the queue stay in the batch until they are done or parked, and those whom a
 * step that throws anything has left there are told by the next one.
 */
final class AppendCombiner {
    private static final int MAX_BATCH = StreamStore.MAX_APPENDS;
    private static final int MAX_BATCH_BYTES = 4 * 1024 * 1024;
    private static final int MAX_WAITING = 20_000;
    private static final Duration PAUSE = Duration.ofMillis(50); // after a step that threw

    /** Wakes the thread to see that it shall end, being done already; an interrupt could tear a connection of the store. */
    private static final WaitingAppend WAKE = new WaitingAppend(
            new Append(StreamName.of("tutti", "wake"), "wake", Json.of("null")),
            CompletableFuture.completedFuture(new Appended(0, Instant.EPOCH, true)));

    private final AppendWriter writer;
    private final ParkedAppends parked;
    private final BlockingQueue<WaitingAppend> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final long maxWaitingBytes;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Loop loop;
    private volatile boolean closed;

    // on the loop alone
    private final List<WaitingAppend> batch = new ArrayList<>(MAX_BATCH); // with those that a step which threw has left
    private @Nullable Throwable defect; // what it threw

    /** Tells {@code committed} what was added, before the callers hear of it; of what waits there are {@code maxWaitingBytes}. */
    AppendCombiner(
            StreamStore store, String name, BiConsumer<List<Append>, List<Appended>> committed, long maxWaitingBytes) {
        this(store, name, committed, maxWaitingBytes, ParkedAppends.PATIENCE);
    }

    /** The same, with callers waiting for a locked stream for about {@code patience}. */
    AppendCombiner(
            StreamStore store,
            String name,
            BiConsumer<List<Append>, List<Appended>> committed,
            long maxWaitingBytes,
            Duration patience) {
        this.maxWaitingBytes = maxWaitingBytes;
        this.writer = new AppendWriter(store, committed);
        this.parked = new ParkedAppends(writer, name + "-locked", patience);
        this.loop = new Loop(Loop.virtual(name), PAUSE, this::write).start();
    }

    /** The event is durable when the result is there; code that depends on it runs on the combiner's thread, and must be brief. */
    CompletableFuture<Appended> append(Append append) {
        return append(append, null);
    }

    /** The same, of an event that is not written any more after {@code notAfter}, if that is not null. */
    CompletableFuture<Appended> append(Append append, @Nullable Deadline notAfter) {
        return append(new WaitingAppend(append, new CompletableFuture<>(), notAfter));
    }

    /** The same, of one with a result of its own. */
    CompletableFuture<Appended> append(WaitingAppend waiting) {
        if (closed) {
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is closing; append at another one");
        }
        if (waitingBytes.addAndGet(waiting.bytes()) > maxWaitingBytes || !queue.offer(waiting)) {
            waitingBytes.addAndGet(-waiting.bytes());
            throw new TuttiException(
                    ErrorCode.OVERLOADED,
                    "too many appends are waiting for the store; at most " + MAX_WAITING + " or " + maxWaitingBytes
                            + " bytes may",
                    Duration.ofSeconds(1));
        }
        if (closed && queue.remove(waiting)) {
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is closing; append at another one");
        }
        return waiting.result();
    }

    int waiting() {
        return queue.size() + parked.waiting();
    }

    private Duration write() throws InterruptedException {
        try {
            tellDefect();
            while (!closed || !queue.isEmpty()) {
                gather();
                if (!batch.isEmpty()) {
                    parked.park(writer.write(batch));
                    batch.clear();
                }
            }
            return Loop.END;
        } catch (Throwable thrown) { // told by the next step, as telling may fail, too
            defect = thrown;
            throw thrown;
        }
    }

    private void tellDefect() {
        if (!batch.isEmpty()) {
            TuttiException told = new TuttiException(ErrorCode.INTERNAL, "the event may not be stored", defect);
            batch.forEach(waiting -> waiting.result().completeExceptionally(told)); // those that are not yet done
            batch.clear();
            defect = null;
        }
    }

    @SuppressWarnings("ReferenceEquality") // what wakes is this one object, whatever is appended elsewhere
    private void gather() throws InterruptedException {
        int bytes = 0;
        for (WaitingAppend next = queue.take(); next != null && next != WAKE; next = queue.poll()) {
            batch.add(next); // before anything that may throw
            waitingBytes.addAndGet(-next.bytes());
            if (parked.follows(next)) {
                batch.removeLast();
                continue;
            }
            bytes += next.bytes();
            if (batch.size() == MAX_BATCH || bytes >= MAX_BATCH_BYTES) {
                return;
            }
        }
    }

    /** Takes no more, and writes what waits. Does not block. */
    void end() {
        closed = true;
        queue.offer(WAKE); // if there is no room for it, the thread is awake
    }

    /**
     * Waits until what was waiting is written, or refused because its stream is locked.
     *
     * @throws TuttiException if that has not happened by {@code deadline}, or when the caller is interrupted
     */
    void close(Deadline deadline) {
        end();
        boolean written = loop.ended(deadline.left());
        if (!parked.close(deadline) || !written) {
            throw new TuttiException(
                    ErrorCode.TIMEOUT, waiting() + " appends still wait for the store, which is too slow or away");
        }
    }
}
