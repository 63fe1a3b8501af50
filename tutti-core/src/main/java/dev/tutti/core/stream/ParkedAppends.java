package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.StreamName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to streams that somebody keeps locked: tried again and again, in order, all of them in one transaction, on a
 * virtual thread that exists only while there are any. Bounded in number and bytes; each waits for a bounded time, and its
 * caller is then told {@link ErrorCode#UNAVAILABLE}. Safe for use by many threads.
 */
final class ParkedAppends {
    /** How long a caller waits for a locked stream, about. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(ParkedAppends.class);
    private static final int MOST = 1_000; // so many fit into one transaction
    private static final long MOST_BYTES = 4L * 1024 * 1024;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private record Parked(WaitingAppend waiting, Deadline until) {}

    private final AppendWriter writer;
    private final String name;
    private final Duration patience;

    // guarded by this; with those that are being tried
    private final Deque<Parked> parked = new ArrayDeque<>();
    private final Map<StreamName, Integer> streams = new HashMap<>();
    private long bytes;
    private @Nullable Thread thread;
    private boolean closed;

    ParkedAppends(AppendWriter writer, String name, Duration patience) {
        this.writer = writer;
        this.name = name;
        this.patience = patience;
    }

    synchronized int waiting() {
        return parked.size();
    }

    /** Takes {@code waiting} if others of its stream wait here, so that it cannot overtake them. */
    synchronized boolean follows(WaitingAppend waiting) {
        boolean follows = streams.containsKey(waiting.append().stream());
        if (follows) {
            park(waiting);
        }
        return follows;
    }

    /** Takes appends whose streams are locked. */
    synchronized void park(List<WaitingAppend> locked) {
        locked.forEach(this::park);
    }

    private void park(WaitingAppend waiting) {
        if (closed || parked.size() == MOST || bytes + waiting.bytes() > MOST_BYTES) {
            waiting.result().completeExceptionally(refused(waiting));
            return;
        }
        parked.add(new Parked(waiting, Deadline.in(patience)));
        streams.merge(waiting.append().stream(), 1, Integer::sum);
        bytes += waiting.bytes();
        if (thread == null) {
            log.warn(
                    "{}: stream {} is locked by another transaction; its events wait, others do not",
                    name,
                    waiting.append().stream());
            thread = Thread.ofVirtual().name(name).start(this::run);
        }
    }

    private void run() {
        for (List<WaitingAppend> batch = all(); !batch.isEmpty(); batch = all()) {
            try {
                writer.write(batch);
            } catch (Throwable defect) {
                log.error("{}: appends failed; the next ones are not affected", name, defect);
                TuttiException told = new TuttiException(ErrorCode.INTERNAL, "the event may not be stored", defect);
                batch.forEach(waiting -> waiting.result().completeExceptionally(told));
            }
            settle();
        }
    }

    /** What is to be tried now; the thread ends with nothing. */
    private synchronized List<WaitingAppend> all() {
        if (parked.isEmpty()) {
            thread = null;
        }
        return parked.stream().map(Parked::waiting).toList();
    }

    /** Lets go what is done, and what has waited for too long; then waits a little if there is more. */
    @SuppressWarnings("WaitNotInLoop") // whatever ends the wait, the thread looks again at all of them
    private synchronized void settle() {
        release(each -> each.waiting().result().isDone());
        release(each -> closed || each.until().isOver());
        if (!parked.isEmpty()) {
            try {
                wait(PAUSE.toMillis());
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void release(Predicate<Parked> which) {
        parked.removeIf(each -> {
            if (!which.test(each)) {
                return false;
            }
            streams.computeIfPresent(each.waiting().append().stream(), (_, count) -> count == 1 ? null : count - 1);
            bytes -= each.waiting().bytes();
            each.waiting().result().completeExceptionally(refused(each.waiting()));
            return true;
        });
    }

    private static TuttiException refused(WaitingAppend waiting) {
        StreamName stream = waiting.append().stream();
        return new NothingAppendedException(
                ErrorCode.UNAVAILABLE,
                "stream " + stream + " is locked by another transaction; nothing was added",
                Set.of(stream),
                null);
    }

    /** Lets a try that is under way end, and refuses the others; false if it has not ended by {@code deadline}. */
    boolean close(Deadline deadline) throws InterruptedException {
        Thread trying;
        synchronized (this) {
            closed = true;
            trying = thread;
            notifyAll();
        }
        return trying == null || trying.join(deadline.left());
    }
}
