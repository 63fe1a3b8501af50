package dev.tutti.core.cache;

import dev.tutti.core.cache.CacheMessage.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The invalidations that the second level has not acknowledged yet, each with its state: it is under way, or has failed and has to
 * be made good. The values that they are about are not read there. In a cache with more than {@value #MAX_TARGETS} of them
 * everything is invalidated instead. Safe for use by many threads.
 */
final class OwedInvalidations {
    /** How many are told apart in a cache. */
    static final int MAX_TARGETS = 10_000;

    private static final CompletableFuture<Void> FAILED =
            CompletableFuture.failedFuture(new IllegalStateException("the second level is away"));

    private static final class OfCache {
        final Map<InvalidationTarget, CompletableFuture<Void>> wide = new LinkedHashMap<>(); // tags, and all
        final Map<InvalidationTarget, CompletableFuture<Void>> keys = new LinkedHashMap<>();

        Map<InvalidationTarget, CompletableFuture<Void>> of(InvalidationTarget target) {
            return target.scope() == Scope.KEY ? keys : wide;
        }

        int size() {
            return wide.size() + keys.size();
        }
    }

    private final Map<String, OfCache> caches = new HashMap<>(); // guarded by this

    /** One that is under way until the result is done; {@link #acknowledged} or {@link #failed} follows. */
    synchronized CompletableFuture<Void> begin(InvalidationTarget target) {
        CompletableFuture<Void> underWay = new CompletableFuture<>();
        put(target, underWay);
        return underWay;
    }

    /** One that is to be made good. */
    synchronized void owe(InvalidationTarget target) {
        put(target, FAILED);
    }

    private void put(InvalidationTarget target, CompletableFuture<Void> state) {
        OfCache owed = caches.computeIfAbsent(target.cache(), _ -> new OfCache());
        owed.of(target).put(target, state);
        if (owed.size() > MAX_TARGETS) {
            owed.keys.clear();
            owed.wide.clear();
            owed.wide.put(InvalidationTarget.all(target.cache()), FAILED);
        }
    }

    /** The second level has it. */
    void acknowledged(InvalidationTarget target, CompletableFuture<Void> underWay) {
        synchronized (this) {
            @Nullable OfCache owed = caches.get(target.cache());
            if (owed != null && owed.of(target).remove(target, underWay) && owed.size() == 0) {
                caches.remove(target.cache());
            }
        }
        underWay.complete(null);
    }

    /** The second level may not have it. */
    void failed(CompletableFuture<Void> underWay, Throwable why) {
        underWay.completeExceptionally(why);
    }

    /** Those that must have arrived before {@code key} is read. */
    synchronized List<CompletableFuture<Void>> before(CacheKey key) {
        @Nullable OfCache owed = caches.get(key.cache());
        if (owed == null) {
            return List.of();
        }
        List<CompletableFuture<Void>> all = new ArrayList<>(owed.wide.values());
        @Nullable
        CompletableFuture<Void> own = owed.keys.get(new InvalidationTarget(key.cache(), Scope.KEY, key.key()));
        if (own != null) {
            all.add(own);
        }
        return all;
    }

    /** Those that are to be made good, {@code most} of them. */
    synchronized List<InvalidationTarget> failed(int most) {
        return caches.values().stream()
                .flatMap(owed -> Stream.of(owed.wide, owed.keys))
                .map(Map::entrySet)
                .flatMap(Collection::stream)
                .filter(each -> each.getValue().isCompletedExceptionally())
                .map(Map.Entry::getKey)
                .limit(most)
                .toList();
    }

    /** How many there are. */
    synchronized int size() {
        return caches.values().stream().mapToInt(OfCache::size).sum();
    }
}
