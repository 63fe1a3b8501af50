package dev.tutti.redis;

import dev.tutti.cache.CacheStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * The second level of caches on Redis, one hash for each value. A cache has {@value #PARTS} parts, by the hash of the key, each
 * with a clock of its own and in one slot of a cluster, so that every command is one script at one node; tags concern all parts. At
 * most 10,000 commands of 64 MiB are on the way at a time; any command beyond that fails at once. Safe for use by many threads.
 */
final class RedisCacheStore extends RedisStore implements CacheStore {
    /** Over how many slots a cache is spread. */
    static final int PARTS = 16;

    private static final RedisScript READ = RedisScript.of("cache-clock.lua", "cache-read.lua");
    private static final RedisScript WRITE = RedisScript.of("cache-clock.lua", "cache-write.lua");
    private static final RedisScript INVALIDATE = RedisScript.of("cache-clock.lua", "cache-invalidate.lua");
    private static final RedisScript INVALIDATE_TAG = RedisScript.of("cache-clock.lua", "cache-invalidate-tag.lua");
    private static final RedisScript INVALIDATE_ALL = RedisScript.of("cache-clock.lua", "cache-invalidate-all.lua");

    RedisCacheStore(RedisSettings settings, Duration firstTry) {
        super(settings, "cache", RedisUse.CACHE, firstTry);
    }

    @Override
    public CompletionStage<Found> read(String cache, String key) {
        return run(READ, keys(cache, key)).thenApply(RedisCacheStore::found);
    }

    private static Found found(List<Object> answer) {
        long token = number(answer, 0);
        if (answer.size() < 4) {
            return new Found(token, Optional.empty());
        }
        Duration age = Duration.ofMillis(Math.max(0, number(answer, 2)));
        Duration left = Duration.ofMillis(Math.max(0, number(answer, 3)));
        return new Found(token, Optional.of(new Kept((byte[]) answer.get(1), age, left)));
    }

    private static long number(List<Object> answer, int at) {
        return (Long) answer.get(at);
    }

    @Override
    public CompletionStage<Boolean> write(String cache, String key, long token, Fresh value) {
        if (value.bytes().length > MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a value has " + value.bytes().length + " bytes; allowed are " + MAX_VALUE);
        }
        byte[][] arguments = new byte[3 + value.tags().size()][];
        arguments[0] = bytes(Long.toString(token));
        arguments[1] = bytes(Long.toString(Math.max(1, value.ttl().toMillis())));
        arguments[2] = value.bytes();
        int next = 3;
        for (String tag : value.tags()) {
            arguments[next] = bytes(tag);
            next++;
        }
        return run(WRITE, keys(cache, key), arguments).thenApply(answer -> number(answer, 0) == 1);
    }

    @Override
    public CompletionStage<Long> invalidate(String cache, String key, Duration memory) {
        return run(INVALIDATE, keys(cache, key), bytes(Long.toString(Math.max(1, memory.toMillis()))))
                .thenApply(answer -> number(answer, 0));
    }

    @Override
    public CompletionStage<Void> invalidateTag(String cache, String tag) {
        return everywhere(INVALIDATE_TAG, cache, bytes(tag));
    }

    @Override
    public CompletionStage<Void> invalidateAll(String cache) {
        return everywhere(INVALIDATE_ALL, cache);
    }

    private CompletionStage<Void> everywhere(RedisScript script, String cache, byte[]... arguments) {
        return CompletableFuture.allOf(IntStream.range(0, PARTS)
                .mapToObj(part -> run(script, new String[] {marks(cache, part)}, arguments)
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private String[] keys(String cache, String key) {
        int part = Math.floorMod(key.hashCode(), PARTS);
        return new String[] {key("value:" + slot(cache, part) + ":" + key), marks(cache, part)};
    }

    private String marks(String cache, int part) {
        return key("marks:" + slot(cache, part));
    }

    /**
     * The part of a key of which a cluster makes the slot (its hash tag). With the length no two caches have keys in common,
     * whatever their names.
     */
    private static String slot(String cache, int part) {
        return "{" + part + ":" + cache.length() + ":" + cache + "}";
    }
}
