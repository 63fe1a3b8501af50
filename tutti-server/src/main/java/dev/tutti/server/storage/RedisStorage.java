package dev.tutti.server.storage;

import dev.tutti.core.health.Health;
import dev.tutti.core.health.Status;
import dev.tutti.redis.RedisAddress;
import dev.tutti.redis.RedisBus;
import dev.tutti.redis.RedisSettings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Optional;

/** What an instance has in Redis, where there is one: nothing that must not be lost. */
public final class RedisStorage {
    private RedisStorage() {}

    /** The bus, not started, with its metrics; empty if the configuration wants the one on PostgreSQL. */
    public static Optional<RedisBus> bus(Configuration configuration, MeterRegistry meters) {
        return switch (configuration.value(Settings.BUS)) {
            case POSTGRES -> Optional.empty();
            case AUTO, REDIS ->
                configuration.value(Settings.REDIS_URL).map(address -> {
                    RedisBus bus = new RedisBus(settings(address, configuration));
                    BusMetrics.register(bus, meters);
                    return bus;
                });
        };
    }

    private static RedisSettings settings(RedisAddress address, Configuration configuration) {
        RedisSettings settings = RedisSettings.of(address).withPrefix(configuration.value(Settings.REDIS_PREFIX));
        Optional<Path> authority = configuration.value(Settings.REDIS_CA_FILE);
        return authority.map(settings::withAuthority).orElse(settings);
    }

    /** Adds whether Redis answers to what is known of the instance's health: without it things are slower. */
    public static void watch(RedisBus bus, Health health) {
        health.prefer("redis", () -> bus.ping() ? Status.HEALTHY : Status.UNAVAILABLE);
    }
}
