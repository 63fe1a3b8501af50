package dev.tutti.redis;

import dev.tutti.session.AttributeStore;
import java.util.Optional;

/**
 * Attributes of sessions on Redis: one server, Sentinel, or Cluster, on connections of their own. Redis may be away, at the start as
 * well; it is connected to as soon as that is possible, and until then attributes are unavailable. Safe for use by many threads.
 */
public final class RedisSessionBackend extends RedisStoreBackend<RedisAttributeStore> {
    private RedisSessionBackend(RedisSettings settings) {
        super("redis-sessions", new RedisAttributeStore(settings));
    }

    /**
     * One at {@code url}, such as {@code rediss://user:password@host:6379}.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read
     */
    public static RedisSessionBackend open(String url) {
        return open(RedisSettings.of(RedisAddress.parse(url)));
    }

    /** As above, with all that can be chosen. */
    public static RedisSessionBackend open(RedisSettings settings) {
        return new RedisSessionBackend(settings);
    }

    @Override
    public Optional<AttributeStore> attributes() {
        return Optional.of(store());
    }
}
