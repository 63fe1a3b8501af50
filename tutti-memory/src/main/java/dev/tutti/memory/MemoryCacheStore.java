package dev.tutti.memory;

import dev.tutti.cache.CacheStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The second level of caches in the memory of this process: for tests. Keeps {@value #MAX_VALUES} values of a cache, and drops those that were
 * written first. Safe for use by many threads.
 */
public final class MemoryCacheStore implements CacheStore {
    /** How many values, and invalidations, of a cache are kept. */
    public static final int MAX_VALUES = 10_000;

    private record Known(long at, Optional<Fresh> value, Instant since, Instant end) {}

    private static final class Part {
        long clock = 1;
        long all = 1;
        final Map<String, Long> tags = new HashMap<>();
        final Map<String, Known> entries = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                boolean tooMany = size() > MAX_VALUES;
                if (tooMany && eldest.getValue().value().isEmpty()) {
                    all = clock; // a change that is forgotten may be of any value
                }
                return tooMany;
            }
        };

        boolean isOld(long at, Fresh value) {
            return at < all || value.tags().stream().anyMatch(tag -> tags.getOrDefault(tag, 0L) > at);
        }
    }

    private final Clock clock;
    private final Map<String, Part> parts = new HashMap<>(); // guarded by this

    /** An empty one. */
    public MemoryCacheStore(Clock clock) {
        this.clock = clock;
    }

    private Part part(String cache) {
        return parts.computeIfAbsent(cache, _ -> new Part());
    }

    @Override
    public synchronized CompletionStage<Found> read(String cache, String key) {
        Part part = part(cache);
        Instant now = clock.instant();
        @Nullable Known entry = part.entries.get(key);
        if (entry == null || !entry.end().isAfter(now)) {
            return done(new Found(part.clock, Optional.empty()));
        }
        return done(new Found(
                part.clock,
                entry.value()
                        .filter(value -> !part.isOld(entry.at(), value))
                        .map(value -> new Kept(
                                value.bytes(),
                                Duration.between(entry.since(), now),
                                Duration.between(now, entry.end())))));
    }

    @Override
    public synchronized CompletionStage<Boolean> write(String cache, String key, long token, Fresh value) {
        Part part = part(cache);
        Instant now = clock.instant();
        @Nullable Known there = part.entries.get(key);
        boolean younger = there != null && there.at() > token && there.end().isAfter(now);
        if (younger || token > part.clock || part.isOld(token, value)) {
            return done(false);
        }
        part.entries.put(key, new Known(token, Optional.of(value), now, now.plus(value.ttl())));
        return done(true);
    }

    @Override
    public synchronized CompletionStage<Long> invalidate(String cache, String key, Duration memory) {
        Part part = part(cache);
        part.clock++;
        Instant now = clock.instant();
        part.entries.put(key, new Known(part.clock, Optional.empty(), now, now.plus(memory)));
        return done(part.clock);
    }

    @Override
    public synchronized CompletionStage<Void> invalidateTag(String cache, String tag) {
        Part part = part(cache);
        part.clock++;
        if (part.tags.size() >= MAX_VALUES) {
            part.tags.clear();
            part.all = part.clock;
        } else {
            part.tags.put(tag, part.clock);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Void> invalidateAll(String cache) {
        Part part = part(cache);
        part.clock++;
        part.all = part.clock;
        part.tags.clear();
        return CompletableFuture.completedFuture(null);
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
