package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.CACHE;

import java.util.List;
import java.util.Optional;

/** The settings of caches. */
public final class CachingSettings {
    /** The places of the values of caches. */
    public enum CacheProvider {
        /** Each instance its own. */
        LOCAL,
        /** Each its own, and Redis those of all. */
        REDIS
    }

    public static final Setting<CacheProvider> CACHE_PROVIDER = Setting.open(
            "CACHE_PROVIDER",
            CACHE,
            Type.oneOf(CacheProvider.class),
            "local",
            "The place of cached values. local: each instance keeps its own values. redis: each instance keeps its own"
                    + " values, and also looks in Redis, at REDIS_URL or else REDIS_HOST, for values that other"
                    + " instances have loaded. The same for all instances.");

    public static final Setting<Long> CACHE_TTL_MS = Setting.open(
            "CACHE_TTL_MS",
            CACHE,
            Type.count(1, 2_592_000_000L),
            "300000",
            "The time for which a cache keeps a value, in milliseconds, unless the application sets another time.");

    public static final Setting<Integer> CACHE_MAX_SIZE = Setting.open(
            "CACHE_MAX_SIZE",
            CACHE,
            Type.whole(1, 10_000_000),
            "1000",
            "The most values that an instance keeps in one cache, unless the application sets another number.");

    public static final Setting<Integer> CACHE_MAX_BYTES = Setting.open(
            "TUTTI_CACHE_MAX_BYTES",
            CACHE,
            Type.bytes(1 << 10, 1 << 30),
            "16m",
            "The most bytes that the values (as JSON) and the keys of one cache may take at an instance, unless the"
                    + " application sets another size.");

    public static final Setting<Optional<Boolean>> CACHE_USE_REDIS = Setting.open(
            "CACHE_USE_REDIS",
            CACHE,
            Type.optional(Type.bool()),
            "",
            "Deprecated: use CACHE_PROVIDER. true has the effect of CACHE_PROVIDER=redis. If CACHE_PROVIDER is set,"
                    + " this setting has no effect.");

    private CachingSettings() {}

    /** Where the values of caches are: what the newer of the two names says, if it is set. */
    public static CacheProvider provider(SettingValues values) {
        boolean legacy = values.value(CACHE_USE_REDIS).orElse(false) && !values.isSet(CACHE_PROVIDER);
        return legacy ? CacheProvider.REDIS : values.value(CACHE_PROVIDER);
    }

    /** The settings that are deprecated and set; all of them can be read. */
    static List<ConfigurationError> warnings(SettingValues values) {
        return values
                .value(CACHE_USE_REDIS)
                .map(redis -> new ConfigurationError(
                        CACHE_USE_REDIS.name(),
                        "(" + values.from(CACHE_USE_REDIS) + ") is deprecated; set " + CACHE_PROVIDER.name() + "="
                                + (redis ? "redis" : "local") + " instead"))
                .stream()
                .toList();
    }
}
