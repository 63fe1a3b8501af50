package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Loop;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.StreamName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to streams that somebody keeps locked: tried again and again, in order, all of them in one transaction, by a {@link Loop}
 * on a virtual thread. Bounded in number and bytes; each waits for a bounded time, and its caller is then told {@link
 * ErrorCode#UNAVAILABLE}. Safe for use by many threads.
 *
 * <p>A step that throws anything leaves the rest to the next one: an append is let go only when it is done, and everything else that is
 * known follows from those that wait.
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
    private final Loop loop;

    // guarded by this; with those that are being tried
    private final List<Parked> parked = new ArrayList<>();
    private final Set<StreamName> streams = new HashSet<>(); // at least those of the parked ones
    private long bytes;
    private boolean closed;

    // on the loop alone
    private List<WaitingAppend> tried = List.of();
    private @Nullable Throwable defect; // thrown by the try of these, and not yet told

    ParkedAppends(AppendWriter writer, String name, Duration patience) {
        this.writer = writer;
        this.name = name;
        this.patience = patience;
        this.loop = new Loop(Loop.virtual(name), PAUSE, this::step).start();
    }

    synchronized int waiting() {
        return parked.size();
    }

    /** Takes {@code waiting} if others of its stream wait here, so that it cannot overtake them. */
    synchronized boolean follows(WaitingAppend waiting) {
        boolean follows = streams.contains(waiting.append().stream());
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
        streams.add(waiting.append().stream());
        parked.add(new Parked(waiting, Deadline.in(patience)));
        bytes += waiting.bytes();
        notifyAll();
    }

    /** One try of all that wait, when some do. */
    private Duration step() throws InterruptedException {
        tellDefect();
        settle(); // what an earlier step could not
        tried = awaitSome();
        if (tried.isEmpty()) {
            return Loop.END;
        }
        try {
            writer.write(tried);
        } catch (Throwable thrown) { // told by the next step, as telling may fail, too
            defect = thrown;
            throw thrown;
        }
        tried = List.of();
        return settle() ? Duration.ZERO : PAUSE;
    }

    private void tellDefect() {
        if (defect != null) {
            TuttiException told = new TuttiException(ErrorCode.INTERNAL, "the event may not be stored", defect);
            tried.forEach(waiting -> waiting.result().completeExceptionally(told)); // those that are not yet done
            defect = null;
            tried = List.of();
        }
    }

    /** Those to be tried now; none when this is closed. */
    private synchronized List<WaitingAppend> awaitSome() throws InterruptedException {
        boolean idle = parked.isEmpty();
        while (parked.isEmpty() && !closed) {
            wait();
        }
        if (idle && !parked.isEmpty()) {
            log.warn(
                    "{}: stream {} is locked by another transaction; its events wait, others do not",
                    name,
                    parked.getFirst().waiting().append().stream());
        }
        return parked.stream().map(Parked::waiting).toList();
    }

    /** Refuses what has waited for too long, and lets go what is done; whether nothing is left. May be repeated if it throws. */
    private synchronized boolean settle() {
        for (Parked each : parked) {
            WaitingAppend waiting = each.waiting();
            if (!waiting.result().isDone() && (closed || each.until().isOver())) {
                waiting.result().completeExceptionally(refused(waiting));
            }
        }
        parked.removeIf(each -> each.waiting().result().isDone());
        streams.retainAll(
                parked.stream().map(each -> each.waiting().append().stream()).collect(Collectors.toSet()));
        bytes = parked.stream().mapToLong(each -> each.waiting().bytes()).sum();
        return parked.isEmpty();
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
    boolean close(Deadline deadline) {
        synchronized (this) {
            closed = true;
            notifyAll();
            if (parked.isEmpty()) { // the loop may not have noticed yet, and has nothing to do
                return true;
            }
        }
        return loop.ended(deadline.left());
    }
}
