package dev.tutti.core.cache;

import dev.tutti.backend.Backend;
import dev.tutti.cache.CacheStore;
import dev.tutti.health.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The second level as one instance reaches it. Safe for use by many threads. */
final class StoreReach implements CacheStore, Backend {
    /** How the store is for it. */
    enum State {
        /** It answers. */
        THERE,
        /** It fails at once. */
        AWAY,
        /** It never answers, and does nothing. */
        SILENT,
        /** It has a defect. */
        BROKEN
    }

    private final CacheStore store;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicBoolean early = new AtomicBoolean();
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    private volatile State state = State.THERE;

    StoreReach(CacheStore store) {
        this.store = store;
    }

    void is(State now) {
        state = now;
    }

    /** Has the next read happen before anything was written. */
    void readEarly() {
        early.set(true);
    }

    /** Has {@code task} happen in the middle of the next invalidation or put of a key. */
    void meanwhile(Runnable task) {
        meanwhile.set(task);
    }

    /** How often it was asked for something. */
    int calls() {
        return calls.get();
    }

    private <T> CompletionStage<T> reached(Supplier<CompletionStage<T>> call) {
        calls.incrementAndGet();
        return switch (state) {
            case THERE -> call.get();
            case AWAY -> CompletableFuture.failedFuture(new IllegalStateException("the store is away"));
            case SILENT -> new CompletableFuture<>();
            case BROKEN -> throw new AssertionError("the store is broken");
        };
    }

    @Override
    public String name() {
        return "store";
    }

    @Override
    public Optional<CacheStore> cache() {
        return Optional.of(this);
    }

    @Override
    public Status check() {
        return Status.HEALTHY;
    }

    @Override
    public void close() {}

    @Override
    public CompletionStage<Found> read(String cache, String key) {
        boolean misses = early.getAndSet(false);
        return reached(() ->
                store.read(cache, key).thenApply(found -> misses ? new Found(found.token(), Optional.empty()) : found));
    }

    @Override
    public CompletionStage<Boolean> write(String cache, String key, long token, Fresh value) {
        return reached(() -> store.write(cache, key, token, value));
    }

    @Override
    public CompletionStage<Long> invalidate(String cache, String key, Duration memory) {
        meanwhile.getAndSet(() -> {}).run();
        return reached(() -> store.invalidate(cache, key, memory));
    }

    @Override
    public CompletionStage<Void> invalidateTag(String cache, String tag) {
        return reached(() -> store.invalidateTag(cache, tag));
    }

    @Override
    public CompletionStage<Void> invalidateAll(String cache) {
        return reached(() -> store.invalidateAll(cache));
    }
}
