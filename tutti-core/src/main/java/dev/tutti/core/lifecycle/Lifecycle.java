package dev.tutti.core.lifecycle;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of an instance in the order in which they were started. Closing closes them in the reverse order, each within
 * what is left of the budget; what fails is gathered and does not keep the rest from being closed. Safe for use by many
 * threads.
 */
public final class Lifecycle implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private record Part(String name, AutoCloseable closing) {}

    private final Duration budget;
    private final Deque<Part> parts = new ArrayDeque<>();

    /** A lifecycle whose close takes at most {@code budget}. */
    public Lifecycle(Duration budget) {
        this.budget = budget;
    }

    /** Notes that a part has started, and returns it. */
    public synchronized <T extends AutoCloseable> T started(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    /**
     * Closes all parts. Idempotent.
     *
     * @throws TuttiException if some could not be closed in time or failed; the causes are its suppressed exceptions
     */
    @Override
    public void close() {
        long end = System.nanoTime() + budget.toNanos();
        TuttiException failures = new TuttiException(ErrorCode.INTERNAL, "some parts did not close cleanly");
        for (Optional<Part> next = take(); next.isPresent(); next = take()) {
            Part part = next.get();
            try {
                close(part, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failures.addSuppressed(e);
            } catch (Exception failure) {
                failures.addSuppressed(failure);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    private synchronized Optional<Part> take() {
        return Optional.ofNullable(parts.poll());
    }

    private static void close(Part part, Duration left) throws Exception {
        log.debug("Closing {}", part.name());
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("tutti-close-" + part.name()).start(() -> {
            try {
                part.closing().close();
                closed.complete(null);
            } catch (Exception failure) {
                closed.completeExceptionally(failure);
            }
        });
        try {
            closed.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            thread.interrupt();
            throw new TuttiException(ErrorCode.TIMEOUT, part.name() + " did not close within the budget", late);
        } catch (ExecutionException failure) {
            throw new TuttiException(ErrorCode.INTERNAL, part.name() + " failed to close", failure.getCause());
        }
    }
}
