package dev.tutti.redis;

import dev.tutti.cache.CacheStore;
import java.util.Optional;

/**
 * The second level of caches on Redis: one server, Sentinel, or Cluster, on connections of its own, so that large values keep
 * no message waiting. Redis may be away, at the start as well; it is connected to as soon as that is possible. Safe for use by
 * many threads.
 */
public final class RedisCacheBackend extends RedisStoreBackend<RedisCacheStore> {
    private RedisCacheBackend(RedisSettings settings) {
        super("redis-cache", new RedisCacheStore(settings));
    }

    /**
     * One at {@code url}, such as {@code rediss://user:password@host:6379}.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read
     */
    public static RedisCacheBackend open(String url) {
        return open(RedisSettings.of(RedisAddress.parse(url)));
    }

    /** As above, with all that can be chosen. */
    public static RedisCacheBackend open(RedisSettings settings) {
        return new RedisCacheBackend(settings);
    }

    @Override
    public Optional<CacheStore> cache() {
        return Optional.of(store());
    }
}
