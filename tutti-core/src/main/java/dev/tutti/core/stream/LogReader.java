package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Backoff;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log for those who fell behind, a bounded number at a time, each on a virtual thread of its own, and waits out
 * the times when the store is away.
 */
final class LogReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogReader.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));
    private static final ReadResult UNREAD = new ReadResult.Page(List.of(), false);
    private static final int TELL_TIMES = 8; // in about five seconds

    /** Something that asks the store. */
    interface Question<T> {
        T ask(StreamStore store);
    }

    private final StreamStore store;
    private final int pageSize;
    private final Semaphore atOnce;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads;

    LogReader(StreamStore store, int atOnce, int pageSize) {
        this(store, atOnce, pageSize, Thread.ofVirtual().name("tutti-log-", 0).factory());
    }

    /** One that reads on threads of {@code factory}. */
    LogReader(StreamStore store, int atOnce, int pageSize, ThreadFactory factory) {
        this.store = store;
        this.pageSize = pageSize;
        this.atOnce = new Semaphore(atOnce, true);
        this.threads = Executors.newThreadPerTaskExecutor(factory);
    }

    /** The events of a page. */
    int pageSize() {
        return pageSize;
    }

    /**
     * Reads one page behind {@code after}, and gives it to {@code then} on the reading thread, as {@code shown} makes it. If {@code
     * over} says when its turn comes that nobody wants it any more, an empty page is given unread.
     */
    void page(
            StreamName stream,
            UnaryOperator<List<Event>> shown,
            BooleanSupplier over,
            long after,
            Consumer<ReadResult> then,
            Consumer<TuttiException> failed) {
        ask(from -> over.getAsBoolean() ? UNREAD : read(from, stream, shown, after), then, failed);
    }

    private ReadResult read(StreamStore from, StreamName stream, UnaryOperator<List<Event>> shown, long after) {
        return switch (from.read(stream, new Range.After(after), pageSize)) {
            case ReadResult.Page(List<Event> events, boolean more) ->
                new ReadResult.Page(events.isEmpty() ? events : shown.apply(events), more);
            case ReadResult.Gap gap -> gap;
        };
    }

    /**
     * Asks the store, and tells the answer to {@code then} or a lasting failure to {@code failed}, on the asking thread. While the
     * store is away, or too slow, it asks again, with growing pauses, until this is closed. Everything that the question or
     * {@code then} throws is told to {@code failed}, too; only an executor of {@code then} that is closed is left alone. If no
     * thread can be had, that is told on the calling one.
     */
    <T> void ask(Question<T> question, Consumer<T> then, Consumer<TuttiException> failed) {
        try {
            threads.execute(() -> answer(question, then, failed));
        } catch (RejectedExecutionException closed) {
            log.debug("The log is not read any more: this instance is closing");
        } catch (Throwable noThread) {
            failed.accept(lasting(noThread));
        }
    }

    private <T> void answer(Question<T> question, Consumer<T> then, Consumer<TuttiException> failed) {
        try {
            then.accept(patiently(question));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException closed) {
            log.debug("An event loop is closed, and those who asked with it", closed);
        } catch (Throwable failure) {
            tell(failed, lasting(failure));
        }
    }

    private static TuttiException lasting(Throwable failure) {
        return failure instanceof TuttiException lasting
                ? lasting
                : new TuttiException(ErrorCode.INTERNAL, "the log could not be read", failure);
    }

    /** Tells it some times, as those who do not hear of it would wait for ever. */
    private void tell(Consumer<TuttiException> failed, TuttiException failure) {
        for (int time = 1; ; time++) {
            try {
                failed.accept(failure);
                return;
            } catch (RejectedExecutionException closed) {
                log.debug("An event loop is closed, and those who asked with it", closed);
                return;
            } catch (Throwable again) {
                log.error("A failure to read the log could not be told, time {} of {}", time, TELL_TIMES, again);
            }
            try {
                if (time == TELL_TIMES || isClosedAfter(BACKOFF.pause(time))) {
                    return;
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Asks the store once, on the calling thread, when it is its turn. */
    <T> T once(Question<T> question) {
        atOnce.acquireUninterruptibly();
        try {
            return question.ask(store);
        } finally {
            atOnce.release();
        }
    }

    private <T> T patiently(Question<T> question) throws InterruptedException {
        for (int time = 1; ; time++) {
            atOnce.acquire();
            try {
                return question.ask(store);
            } catch (TuttiException failure) {
                if (failure.code() != ErrorCode.UNAVAILABLE && failure.code() != ErrorCode.TIMEOUT) {
                    throw failure;
                }
            } catch (RejectedExecutionException full) { // the store's own, which says nothing of who asks
                throw lasting(full);
            } finally {
                atOnce.release();
            }
            if (isClosedAfter(BACKOFF.jittered(time))) { // all instances ask the same store
                throw new InterruptedException("this instance is closing");
            }
        }
    }

    private boolean isClosedAfter(Duration pause) throws InterruptedException {
        return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closing.countDown();
        threads.shutdown(); // no interrupt at first: it could tear a connection of the store
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
