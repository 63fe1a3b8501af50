package dev.tutti.core.limit;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.outage.OutageBreaker;
import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buckets of all instances, behind a circuit breaker. At most {@value #MOST_CALLS} calls of the store are under way, one for
 * each bucket: those who ask meanwhile are asked for together in the next. A call takes so long at most as its patience is. When
 * half of the last ones have failed there are none for a second, and then one at a time finds out whether the store is back. Safe
 * for use by many threads.
 */
final class SharedBuckets {
    /** How long a call may take in general. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Logger log = LoggerFactory.getLogger(SharedBuckets.class);
    private static final int MOST_CALLS = 64;
    private static final int MOST_TOKENS = 10_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LimitStore store;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final Semaphore calls = new Semaphore(MOST_CALLS);
    private final Executor threads;
    private final Duration patience;
    private final LongSupplier ticker;
    private final OutageBreaker breaker;
    private final Timer time;
    private final Counter failures;

    /** Those who wait for tokens of one bucket that is being asked for; changed by one thread at a time, see {@link #lines}. */
    private static final class Line {
        private final List<CompletableFuture<Taken>> waiting = new ArrayList<>();
    }

    /** The store is called on {@code threads}, which may refuse: callers that wait are told that the store cannot be asked. */
    SharedBuckets(LimitStore store, Executor threads, Duration patience, LongSupplier ticker, MeterRegistry meters) {
        this.store = store;
        this.threads = threads;
        this.patience = patience;
        this.ticker = ticker;
        this.breaker = new OutageBreaker(PAUSE, ticker)
                .onChange(
                        () -> log.warn(
                                "The store of rate limits is away; each instance enforces its share until it is back"),
                        () -> log.info("The store of rate limits is back"));
        this.time = Timer.builder("tutti.limit.store.time")
                .description("How long the store of rate limits takes")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        this.failures = Counter.builder("tutti.limit.store.failures")
                .description("Calls of the store of rate limits that failed or were late")
                .register(meters);
        Gauge.builder("tutti.limit.store.available", this, shared -> shared.isSound() ? 1 : 0)
                .description("Whether limits are counted for all instances together")
                .register(meters);
    }

    /** Whether the store is used. */
    boolean isSound() {
        return breaker.isClosed();
    }

    /** Takes one token, if there is one; empty if the store cannot be asked. Blocks for twice the patience at most. */
    Optional<Taken> take(String bucket, RateLimit limit) throws InterruptedException {
        CompletableFuture<Taken> answer = new CompletableFuture<>();
        Line fresh = new Line();
        Line line = lines.compute(bucket, (_, there) -> {
            Line mine = there == null ? fresh : there;
            mine.waiting.add(answer);
            return mine;
        });
        if (line == fresh) {
            next(bucket, limit);
        }
        return result(answer);
    }

    /** Gives one back. Blocks for the patience at most. */
    void giveBack(String bucket, RateLimit limit) throws InterruptedException {
        Optional<Taken> given = result(call(() -> store.take(bucket, limit, -1)));
        log.trace("A token of {} was given back: {}", bucket, given);
    }

    /** Asks for those who wait; nobody else does until there is an answer. */
    private void next(String bucket, RateLimit limit) {
        List<CompletableFuture<Taken>> batch = leave(bucket, MOST_TOKENS, false);
        if (!batch.isEmpty()) {
            var _ = call(() -> store.take(bucket, limit, batch.size()))
                    .thenAcceptAsync(
                            taken -> {
                                settle(batch, taken);
                                next(bucket, limit);
                            },
                            threads)
                    .whenComplete((_, failure) -> {
                        if (failure != null) { // of the call, or because there was no thread for what follows it
                            batch.addAll(leave(bucket, Integer.MAX_VALUE, true));
                            batch.forEach(each -> each.completeExceptionally(failure));
                        }
                    });
        }
    }

    /** Takes those who wait out of their line, which ends if {@code end} or if there are none. */
    private List<CompletableFuture<Taken>> leave(String bucket, int most, boolean end) {
        List<CompletableFuture<Taken>> batch = new ArrayList<>();
        lines.computeIfPresent(bucket, (_, line) -> {
            List<CompletableFuture<Taken>> first = line.waiting.subList(0, Math.min(most, line.waiting.size()));
            batch.addAll(first);
            first.clear();
            return end || batch.isEmpty() ? null : line;
        });
        return batch;
    }

    /** The first get what there is; the last of these finds what is left. */
    private static void settle(List<CompletableFuture<Taken>> batch, Taken taken) {
        for (int i = 0; i < batch.size(); i++) {
            boolean granted = i < taken.granted();
            long later = Math.max(0, taken.granted() - 1 - i); // others of this batch take after this one
            batch.get(i)
                    .complete(new Taken(
                            granted ? 1 : 0, taken.remaining() + later, taken.untilNext(), taken.untilFull()));
        }
    }

    /** Calls the store; anything that keeps it from that fails the answer, and is not thrown. */
    private CompletableFuture<Taken> call(Supplier<Taken> ask) {
        if (!calls.tryAcquire()) {
            return CompletableFuture.failedFuture(new TuttiException(
                    ErrorCode.OVERLOADED, MOST_CALLS + " calls of the store of rate limits are under way"));
        }
        if (!breaker.tryAcquire()) {
            calls.release();
            return CompletableFuture.failedFuture(
                    new TuttiException(ErrorCode.UNAVAILABLE, "the store of rate limits is away"));
        }
        long start = ticker.getAsLong();
        CompletableFuture<Taken> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    if (!answer.isDone()) { // it may have waited for its thread for too long
                        answer.complete(ask.get());
                    }
                } catch (Throwable failure) {
                    answer.completeExceptionally(failure);
                } finally {
                    calls.release(); // also of a call that nobody waits for any more
                }
            });
        } catch (Throwable notBegun) {
            calls.release();
            breaker.release();
            return CompletableFuture.failedFuture(notBegun);
        }
        return answer.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, failure) -> ended(ticker.getAsLong() - start, failure));
    }

    private void ended(long nanos, @Nullable Throwable failure) {
        time.record(nanos, TimeUnit.NANOSECONDS);
        if (failure == null) {
            breaker.succeeded();
        } else {
            failures.increment();
            breaker.failed();
            log.debug("The store of rate limits failed", failure);
        }
    }

    private static Optional<Taken> result(CompletableFuture<Taken> answer) throws InterruptedException {
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException away) {
            return Optional.empty();
        }
    }
}
