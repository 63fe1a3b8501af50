package dev.tutti.core.lifecycle;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of an instance in the order in which they were started. Closing closes them in the reverse order and ends by one
 * deadline, which is handed down to the parts. A part that fails or is late is told of in the end; it neither keeps the
 * others from being closed nor uses up their time: half of what there is in the beginning is shared out evenly, the rest
 * belongs to whichever part needs it. Safe for use by many threads.
 */
public final class Lifecycle implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    /** How a part is closed by a deadline. */
    @FunctionalInterface
    public interface Closing<T> {
        /** Closes {@code part}; closing that is not done by {@code deadline} is interrupted. */
        void close(T part, Deadline deadline) throws Exception;
    }

    private record Part<T>(String name, T part, Closing<T> closing) {
        void close(Deadline deadline) throws Exception {
            closing.close(part, deadline);
        }
    }

    private final Duration budget;
    private final Deque<Part<?>> parts = new ArrayDeque<>();

    /** A lifecycle whose close takes at most {@code budget}. */
    public Lifecycle(Duration budget) {
        this.budget = budget;
    }

    /** Notes that a part has started, and returns it. */
    public <T extends AutoCloseable> T started(String name, T part) {
        return started(name, part, (closing, _) -> closing.close());
    }

    /** The same, of a part that {@code closing} closes: it wants to know how long it may take. */
    public synchronized <T> T started(String name, T part, Closing<T> closing) {
        parts.push(new Part<>(name, part, closing));
        return part;
    }

    /** Closes all parts within the budget. */
    @Override
    public void close() {
        close(Deadline.in(budget));
    }

    /** Closes all parts that were started before {@code failure} ended the start; failures of that, too, are suppressed in it. */
    public void rollBack(Throwable failure) {
        try {
            close();
        } catch (TuttiException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /**
     * Closes all parts by {@code deadline}. Idempotent. An interrupt changes nothing and is kept: the deadline bounds it.
     *
     * @throws TuttiException if some could not be closed in time or failed; the causes are its suppressed exceptions
     */
    public void close(Deadline deadline) {
        TuttiException failures = new TuttiException(ErrorCode.INTERNAL, "some parts did not close cleanly");
        Duration share = deadline.left().dividedBy(2L * Math.max(1, left()));
        for (Optional<Part<?>> next = take(); next.isPresent(); next = take()) {
            Part<?> part = next.get();
            try {
                close(part, deadline.minus(share.multipliedBy(left())));
            } catch (TuttiException failure) {
                failures.addSuppressed(failure);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    private synchronized int left() {
        return parts.size();
    }

    private synchronized Optional<Part<?>> take() {
        return Optional.ofNullable(parts.poll());
    }

    private static void close(Part<?> part, Deadline deadline) {
        log.debug("Closing {}", part.name());
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("tutti-close-" + part.name()).start(() -> {
            try {
                part.close(deadline);
                closed.complete(null);
            } catch (Throwable failure) { // an Error, too, is an answer that is waited for
                closed.completeExceptionally(failure);
            }
        });
        try {
            closed.copy()
                    .orTimeout(deadline.left().toNanos(), TimeUnit.NANOSECONDS)
                    .join(); // no interrupt ends it
        } catch (CompletionException failure) {
            if (closed.isCompletedExceptionally()) {
                throw new TuttiException(ErrorCode.INTERNAL, part.name() + " failed to close", failure.getCause());
            }
            thread.interrupt();
            throw new TuttiException(
                    ErrorCode.TIMEOUT, part.name() + " did not close within the budget", failure.getCause());
        }
    }
}
