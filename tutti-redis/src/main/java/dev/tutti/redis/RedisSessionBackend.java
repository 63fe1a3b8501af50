package dev.tutti.redis;

import dev.tutti.backend.Backend;
import dev.tutti.health.Status;
import dev.tutti.session.AttributeStore;
import java.time.Duration;
import java.util.Optional;

/**
 * Attributes of sessions on Redis: one server, Sentinel, or Cluster, on connections of their own. Redis may be away, at the start as
 * well; it is connected to as soon as that is possible, and until then attributes are unavailable. Safe for use by many threads.
 */
public final class RedisSessionBackend implements Backend {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final RedisAttributeStore store;

    private RedisSessionBackend(RedisAttributeStore store) {
        this.store = store;
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
        return new RedisSessionBackend(new RedisAttributeStore(settings));
    }

    @Override
    public String name() {
        return "redis-sessions";
    }

    @Override
    public Optional<AttributeStore> attributes() {
        return Optional.of(store);
    }

    /** Whether Redis answers within a second. */
    @Override
    public Status check() {
        return store.answers(PATIENCE) ? Status.HEALTHY : Status.UNAVAILABLE;
    }

    @Override
    public void close() {
        store.close();
    }
}
