package dev.tutti.redis;

import dev.tutti.backend.Backend;
import dev.tutti.bus.Bus;
import dev.tutti.health.Status;
import java.util.Optional;

/**
 * The bus on Redis: one server, Sentinel, or Cluster. Nothing that must not be lost is in it. Safe for use by many threads.
 */
public final class RedisBackend implements Backend {
    private final RedisBus bus;

    private RedisBackend(RedisBus bus) {
        this.bus = bus;
    }

    /**
     * One at {@code url}, such as {@code rediss://user:password@host:6379}; does not connect yet.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read
     */
    public static RedisBackend open(String url) {
        return open(RedisSettings.of(RedisAddress.parse(url)));
    }

    /** As above, with all that can be chosen. */
    public static RedisBackend open(RedisSettings settings) {
        return new RedisBackend(new RedisBus(settings));
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Optional<Bus> bus() {
        return Optional.of(bus);
    }

    /** Whether Redis answers within a second. */
    @Override
    public Status check() {
        return bus.ping() ? Status.HEALTHY : Status.UNAVAILABLE;
    }

    @Override
    public void close() {
        bus.close();
    }
}
