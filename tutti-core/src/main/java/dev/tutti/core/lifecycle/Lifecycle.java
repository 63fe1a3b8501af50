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
 * The started parts of an instance. They are closed in the reverse order of their start, by one deadline. Safe for use by many threads.
 *
 * <p>A part that fails or is late does not keep the others from being closed, and cannot use up their time: half of the time is divided
 * equally between all parts, and the other half is for the parts that need more. Failures are gathered and thrown after the last part was
 * closed.
 */
public final class Lifecycle implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    /** A function that closes a part by a deadline. */
    @FunctionalInterface
    public interface Closing<T> {
        /** Closes {@code part}. Runs on a virtual thread of its own, which is interrupted at {@code deadline}. */
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

    /** Adds a part that was started, and returns it. Its {@code close} is called when the lifecycle is closed. */
    public <T extends AutoCloseable> T started(String name, T part) {
        return started(name, part, (closing, _) -> closing.close());
    }

    /** The same for a part that is closed by {@code closing}, which gets the deadline. */
    public synchronized <T> T started(String name, T part, Closing<T> closing) {
        parts.push(new Part<>(name, part, closing));
        return part;
    }

    /** Closes all parts within the budget, see {@link #close(Deadline)}. */
    @Override
    public void close() {
        close(Deadline.in(budget));
    }

    /**
     * Closes all parts after {@code failure} has ended the start. Failures of closing are added to {@code failure} as suppressed
     * exceptions.
     */
    public void rollBack(Throwable failure) {
        try {
            close();
        } catch (TuttiException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /**
     * Closes all parts, and blocks until they are closed, at most until {@code deadline}. An interrupt does not end this earlier, and is
     * kept. Idempotent.
     *
     * @throws TuttiException if some parts failed or were not closed in time; its suppressed exceptions are the causes
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
            } catch (Throwable failure) { // close waits for the outcome, also after an Error
                closed.completeExceptionally(failure);
            }
        });
        try {
            closed.copy()
                    .orTimeout(deadline.left().toNanos(), TimeUnit.NANOSECONDS)
                    .join(); // an interrupt does not end it
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
