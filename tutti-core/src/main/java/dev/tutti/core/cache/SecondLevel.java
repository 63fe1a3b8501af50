package dev.tutti.core.cache;

import dev.tutti.cache.CacheStore;
import dev.tutti.cluster.Seal;
import dev.tutti.cluster.outage.OutageBreaker;
import dev.tutti.concurrent.Failures;
import dev.tutti.protocol.Slice;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values that all instances share, behind a circuit breaker. A call takes {@link #PATIENCE} at most; when half of the
 * last ones have failed there are no more, and every second one that no caller waits for finds out whether the store is
 * back. Nothing here fails because the store does: then there is nothing to find.
 *
 * <p>An invalidation that the store has not acknowledged is remembered, and made good when it is back; until then what it is
 * about is not read. Safe for use by many threads.
 */
final class SecondLevel {
    /** How long a call may take. */
    static final Duration PATIENCE = Duration.ofMillis(200);

    private static final Logger log = LoggerFactory.getLogger(SecondLevel.class);
    private static final byte FORMAT = 1;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MADE_GOOD_AT_A_TIME = 500;
    private static final CacheKey PROBE = new CacheKey("tutti-probe", "probe");

    /**
     * The answer for a key.
     *
     * @param token for what is loaded instead; empty if the store cannot be used
     */
    record Lookup(OptionalLong token, Optional<Hit> hit) {
        static final Lookup NONE = new Lookup(OptionalLong.empty(), Optional.empty());
    }

    /** A value that is kept: for how long it has been, and will be. */
    record Hit(Slice frame, Duration age, Duration left) {}

    /** Called after an invalidation, on any thread; must not block. */
    @FunctionalInterface
    interface InvalidationCallback {
        /**
         * Called once.
         *
         * @param token the store's, if it has given one
         * @param missed whether the store has not acknowledged it
         */
        void run(OptionalLong token, boolean missed);
    }

    private final CacheStore store;
    private final Seal seal;
    private final OutageBreaker breaker;
    private final OwedInvalidations owed = new OwedInvalidations();
    private final Counter failures;
    private final Counter unreadable;

    SecondLevel(CacheStore store, Seal seal, LongSupplier ticker, MeterRegistry meters) {
        this.store = store;
        this.seal = seal;
        this.breaker = new OutageBreaker(PAUSE, ticker)
                .onChange(
                        () -> log.warn(
                                "The second level of the caches is away; each instance caches on its own until it is back"),
                        () -> log.info("The second level of the caches is back"));
        this.failures = Counter.builder("tutti.cache.store.failures")
                .description("Calls of the second level of the caches that failed or were late")
                .register(meters);
        this.unreadable = Counter.builder("tutti.cache.store.unreadable")
                .description("Values of the second level that were of no instance of this cluster and version")
                .register(meters);
        Gauge.builder("tutti.cache.store.available", this, level -> level.isSound() ? 1 : 0)
                .description("Whether the second level of the caches is used")
                .register(meters);
        Gauge.builder("tutti.cache.store.owed", owed, OwedInvalidations::size)
                .description("Invalidations that the second level has not acknowledged")
                .register(meters);
    }

    /** Whether it is used. */
    boolean isSound() {
        return breaker.isClosed();
    }

    /** The answer for {@code key}. Blocks for twice {@link #PATIENCE} at most. */
    Lookup read(CacheKey key) throws InterruptedException {
        if (!isSound()) {
            return Lookup.NONE;
        }
        CompletableFuture<?>[] before =
                owed.before(key).toArray(CompletableFuture[]::new); // one that failed is the end
        CompletableFuture<CacheStore.Found> found =
                CompletableFuture.allOf(before).thenCompose(_ -> call(() -> store.read(key.cache(), key.key())));
        return result(found)
                .map(known ->
                        new Lookup(OptionalLong.of(known.token()), known.value().flatMap(kept -> opened(key, kept))))
                .orElse(Lookup.NONE);
    }

    private Optional<Hit> opened(CacheKey key, CacheStore.Kept kept) {
        Optional<byte[]> payload =
                seal.open(place(key), kept.bytes()).filter(bytes -> bytes.length > 0 && bytes[0] == FORMAT);
        if (payload.isEmpty()) {
            unreadable.increment();
        }
        return payload.map(bytes -> new Hit(Slice.of(bytes, 1, bytes.length - 1), kept.age(), kept.left()));
    }

    /** Keeps {@code frame}, unless the store knows better. Blocks for {@link #PATIENCE} at most. */
    void write(CacheKey key, long token, Slice frame, Set<String> tags, Duration ttl) throws InterruptedException {
        if (isSound() && ttl.isPositive()) {
            Optional<Boolean> kept = result(put(key, token, frame, tags, ttl));
            log.trace("A value of cache {} is kept for all: {}", key.cache(), kept);
        }
    }

    private CompletableFuture<Boolean> put(CacheKey key, long token, Slice frame, Set<String> tags, Duration ttl) {
        byte[] payload = ByteBuffer.allocate(1 + frame.length())
                .put(FORMAT)
                .put(frame.bytes())
                .array();
        byte[] sealed = seal.close(place(key), payload);
        return call(() -> store.write(key.cache(), key.key(), token, new CacheStore.Fresh(sealed, tags, ttl)));
    }

    /** An invalidation, and the value that comes instead. Does not block; {@code then} runs as in {@link #invalidate}. */
    void replace(
            CacheKey key, Duration memory, Slice frame, Set<String> tags, Duration ttl, InvalidationCallback then) {
        InvalidationTarget target = new InvalidationTarget(key.cache(), CacheMessage.Scope.KEY, key.key());
        invalidate(target, memory, (token, missed) -> {
            then.run(token, missed);
            if (token.isPresent() && ttl.isPositive()) {
                var _ = put(key, token.getAsLong(), frame, tags, ttl);
            }
        });
    }

    /**
     * Drops what {@code target} is about. Does not block. {@code then} runs when the store has done so, at once if it is away, or
     * after {@link #PATIENCE}: an instance that is told earlier might read an old value there.
     *
     * @param memory how long a load may be under way
     */
    void invalidate(InvalidationTarget target, Duration memory, InvalidationCallback then) {
        CompletableFuture<Void> underWay = owed.begin(target);
        CompletableFuture<OptionalLong> done = isSound()
                ? call(() -> command(target, memory))
                : CompletableFuture.failedFuture(new IllegalStateException("the circuit breaker is open"));
        var _ = done.whenComplete((token, failure) -> {
            if (failure == null) {
                owed.acknowledged(target, underWay);
            } else {
                owed.failed(underWay, failure);
            }
            Failures.guard(
                    "What follows an invalidation",
                    () -> then.run(failure == null ? token : OptionalLong.empty(), failure != null));
        });
    }

    private CompletionStage<OptionalLong> command(InvalidationTarget target, Duration memory) {
        return switch (target.scope()) {
            case KEY -> store.invalidate(target.cache(), target.name(), memory).thenApply(OptionalLong::of);
            case TAG -> store.invalidateTag(target.cache(), target.name()).thenApply(_ -> OptionalLong.empty());
            case ALL -> store.invalidateAll(target.cache()).thenApply(_ -> OptionalLong.empty());
        };
    }

    /**
     * Another instance has invalidated {@code target}. While the store is away it may be that nobody else is left to tell it. Where the
     * other one could not tell it, it is told from here, before this instance reads there what {@code target} is about.
     *
     * @param memory how long a load may be under way
     * @param missed whether the store has not acknowledged it to the other instance
     */
    void heard(InvalidationTarget target, Duration memory, boolean missed) {
        if (!isSound()) {
            owed.owe(target);
        } else if (missed) {
            invalidate(target, memory, (_, _) -> {});
        }
    }

    /**
     * Time has passed: finds out whether the store is back, and makes good what it has not heard. {@code again} tells the
     * others once more of each such invalidation, as they may have read what was old meanwhile. Does not block.
     */
    void pass(Function<String, Duration> memory, Consumer<InvalidationTarget> again) {
        List<InvalidationTarget> missed = owed.failed(MADE_GOOD_AT_A_TIME);
        if (isSound()) {
            missed.forEach(target -> makeGood(target, memory.apply(target.cache()), again));
        } else if (breaker.tryAcquire()) {
            if (missed.isEmpty()) {
                var _ = called(() -> store.read(PROBE.cache(), PROBE.key()));
            } else {
                makeGood(missed.getFirst(), memory.apply(missed.getFirst().cache()), again);
            }
        }
    }

    private void makeGood(InvalidationTarget target, Duration memory, Consumer<InvalidationTarget> again) {
        CompletableFuture<Void> underWay = owed.begin(target);
        var _ = called(() -> command(target, memory)).whenComplete((_, failure) -> {
            if (failure == null) {
                owed.acknowledged(target, underWay);
                Failures.guard("What follows an invalidation", () -> again.accept(target));
            } else {
                owed.failed(underWay, failure);
            }
        });
    }

    private <T> CompletableFuture<T> call(Supplier<CompletionStage<T>> command) {
        return isSound()
                ? called(command)
                : CompletableFuture.failedFuture(new IllegalStateException("the circuit breaker is open"));
    }

    private <T> CompletableFuture<T> called(Supplier<CompletionStage<T>> command) {
        CompletableFuture<T> result;
        try {
            result = command.get().toCompletableFuture().copy();
        } catch (Throwable failure) { // a store's own, an Error too: the breaker and those who wait have to hear of it
            result = CompletableFuture.failedFuture(failure);
        }
        return result.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).whenComplete((_, failure) -> {
            if (failure == null) {
                breaker.succeeded();
            } else {
                failures.increment();
                log.debug("The second level of the caches failed", failure);
                breaker.failed();
            }
        });
    }

    private static <T> Optional<T> result(CompletableFuture<T> future) throws InterruptedException {
        try {
            return Optional.of(future.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException away) {
            return Optional.empty();
        }
    }

    private static String place(CacheKey key) {
        return key.cache().length() + ":" + key.cache() + key.key();
    }
}
