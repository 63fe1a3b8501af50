package dev.tutti.server.storage;

import dev.tutti.redis.RedisAddress;
import dev.tutti.redis.RedisBackend;
import dev.tutti.redis.RedisCacheBackend;
import dev.tutti.redis.RedisLimitBackend;
import dev.tutti.redis.RedisSessionBackend;
import dev.tutti.redis.RedisSettings;
import dev.tutti.server.config.BusSettings;
import dev.tutti.server.config.CachingSettings;
import dev.tutti.server.config.CachingSettings.CacheProvider;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SessionStoreSettings;
import java.nio.file.Path;
import java.util.Optional;

/** What an instance has in Redis, where there is one: nothing that must not be lost. */
final class RedisStorage {
    private RedisStorage() {}

    /** The bus, not started; empty if the configuration wants the one on PostgreSQL. */
    static Optional<RedisBackend> bus(Configuration configuration) {
        return switch (configuration.value(BusSettings.BUS)) {
            case POSTGRES -> Optional.empty();
            case AUTO ->
                configuration
                        .value(BusSettings.REDIS_URL)
                        .map(address -> RedisBackend.open(settings(address, configuration)));
            case REDIS ->
                Optional.of(RedisBackend.open(settings(CachingSettings.address(configuration), configuration)));
        };
    }

    /** The second level of the caches; empty if the configuration wants none. */
    static Optional<RedisCacheBackend> cache(Configuration configuration) {
        return switch (CachingSettings.provider(configuration)) {
            case LOCAL -> Optional.empty();
            case REDIS ->
                Optional.of(RedisCacheBackend.open(settings(CachingSettings.address(configuration), configuration)));
        };
    }

    /** The attributes of sessions; empty if they are in PostgreSQL. */
    static Optional<RedisSessionBackend> sessions(Configuration configuration) {
        return configuration.value(SessionStoreSettings.USE_REDIS)
                ? Optional.of(RedisSessionBackend.open(settings(CachingSettings.address(configuration), configuration)))
                : Optional.empty();
    }

    /** Where what is limited is counted; empty if nothing else is in Redis. */
    static Optional<RedisLimitBackend> limits(Configuration configuration) {
        boolean used = configuration.value(BusSettings.REDIS_URL).isPresent()
                || configuration.value(BusSettings.BUS) == BusSettings.BusKind.REDIS
                || CachingSettings.provider(configuration) == CacheProvider.REDIS
                || configuration.value(SessionStoreSettings.USE_REDIS);
        return used
                ? Optional.of(RedisLimitBackend.open(settings(CachingSettings.address(configuration), configuration)))
                : Optional.empty();
    }

    private static RedisSettings settings(RedisAddress address, Configuration configuration) {
        RedisSettings settings = RedisSettings.of(address).withPrefix(configuration.value(BusSettings.REDIS_PREFIX));
        Optional<Path> authority = configuration.value(BusSettings.REDIS_CA_FILE);
        return authority.map(settings::withAuthority).orElse(settings);
    }
}
