package dev.tutti.redis;

import dev.tutti.limit.LimitStore;
import java.util.Optional;

/**
 * Rate limits on Redis: one server, Sentinel, or Cluster, on connections of their own, so that large messages keep no request
 * waiting. Redis may be away, at the start as well; it is connected to as soon as that is possible. Safe for use by
 * many threads.
 */
public final class RedisLimitBackend extends RedisStoreBackend<RedisLimitStore> {
    private RedisLimitBackend(RedisSettings settings) {
        super("redis-limits", new RedisLimitStore(settings));
    }

    /**
     * One at {@code url}, such as {@code rediss://user:password@host:6379}.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read
     */
    public static RedisLimitBackend open(String url) {
        return open(RedisSettings.of(RedisAddress.parse(url)));
    }

    /** As above, with all that can be chosen. */
    public static RedisLimitBackend open(RedisSettings settings) {
        return new RedisLimitBackend(settings);
    }

    @Override
    public Optional<LimitStore> limits() {
        return Optional.of(store());
    }
}
