package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.CACHE;
import static dev.tutti.server.config.Setting.Section.REDIS;

import dev.tutti.redis.RedisAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings of caches, and of a Redis without a URL, which only they use unless something else is said. */
public final class CachingSettings {
    /** What has the values of caches. */
    public enum CacheProvider {
        /** Each instance its own. */
        LOCAL,
        /** Each its own, and Redis those of all. */
        REDIS
    }

    private static final String LOCALHOST = "localhost";
    private static final int REDIS_PORT_OF_ALL = 6379;

    public static final Setting<CacheProvider> CACHE_PROVIDER = Setting.open(
            "CACHE_PROVIDER",
            CACHE,
            Type.oneOf(CacheProvider.class),
            "local",
            "Where the values of caches are. local: each instance has its own. redis: each has its own, and what one has loaded"
                    + " the others find in Redis, at REDIS_URL or else REDIS_HOST. The same for all instances.");

    public static final Setting<Long> CACHE_TTL_MS = Setting.open(
            "CACHE_TTL_MS",
            CACHE,
            Type.count(1, 2_592_000_000L),
            "300000",
            "How long the values of a cache last, in milliseconds, where the application says nothing else.");

    public static final Setting<Integer> CACHE_MAX_SIZE = Setting.open(
            "CACHE_MAX_SIZE",
            CACHE,
            Type.whole(1, 10_000_000),
            "1000",
            "How many values an instance keeps of a cache, where the application says nothing else.");

    public static final Setting<Integer> CACHE_MAX_BYTES = Setting.open(
            "TUTTI_CACHE_MAX_BYTES",
            CACHE,
            Type.bytes(1 << 10, 1 << 30),
            "16m",
            "Of how many bytes of JSON and keys, where the application says nothing else.");

    public static final Setting<Optional<Boolean>> CACHE_USE_REDIS = Setting.open(
            "CACHE_USE_REDIS",
            CACHE,
            Type.optional(Type.bool()),
            "",
            "Deprecated: true is CACHE_PROVIDER=redis, which counts if both are set.");

    public static final Setting<Optional<String>> REDIS_HOST = Setting.open(
            "REDIS_HOST",
            REDIS,
            Type.optional(Type.text("a host name or address", "[A-Za-z0-9._:%-]{1,255}")),
            "",
            "Where the Redis of CACHE_PROVIDER=redis, TUTTI_BUS=redis and USE_REDIS_SESSIONS=true is, if REDIS_URL is not set; by itself it moves"
                    + " nothing to Redis. Not set: localhost.");

    public static final Setting<Optional<Integer>> REDIS_PORT = Setting.open(
            "REDIS_PORT",
            REDIS,
            Type.unlessOfKubernetes(Type.optional(Type.whole(1, 65_535))),
            "",
            "The port there. Not set: 6379.");

    public static final Setting<Optional<String>> REDIS_PASSWORD = new Setting<>(
            "REDIS_PASSWORD",
            REDIS,
            Type.optional(Type.text("1 to 1000 characters", ".{1,1000}")),
            "",
            Disclosure.SECRET,
            "The password there. Not set: none.");

    public static final Setting<Integer> REDIS_DB =
            Setting.open("REDIS_DB", REDIS, Type.whole(0, 65_535), "0", "The number of the database there.");

    private static final List<Setting<?>> REDIS_PARTS = List.of(REDIS_HOST, REDIS_PORT, REDIS_PASSWORD, REDIS_DB);

    private CachingSettings() {}

    /** Where the values of caches are: what the newer of the two names says, if it is set. */
    public static CacheProvider provider(SettingValues values) {
        boolean legacy = values.value(CACHE_USE_REDIS).orElse(false) && !values.isSet(CACHE_PROVIDER);
        return legacy ? CacheProvider.REDIS : values.value(CACHE_PROVIDER);
    }

    /** Where Redis is, for those that are to use it. */
    public static RedisAddress address(SettingValues values) {
        return values.value(BusSettings.REDIS_URL)
                .orElseGet(() -> new RedisAddress(
                        RedisAddress.Kind.SERVER,
                        false,
                        List.of(new RedisAddress.Host(
                                values.value(REDIS_HOST).orElse(LOCALHOST),
                                values.value(REDIS_PORT).orElse(REDIS_PORT_OF_ALL))),
                        "",
                        values.value(REDIS_PASSWORD).orElse(""),
                        values.value(REDIS_DB),
                        ""));
    }

    /** What is set and deprecated, or has no effect; all of it can be read. */
    static List<Mistake> warnings(SettingValues values) {
        List<Mistake> warnings = new ArrayList<>();
        values.value(CACHE_USE_REDIS)
                .ifPresent(redis -> warnings.add(new Mistake(
                        CACHE_USE_REDIS.name(),
                        "(" + values.from(CACHE_USE_REDIS) + ") is deprecated; set " + CACHE_PROVIDER.name() + "="
                                + (redis ? "redis" : "local") + " instead")));
        boolean used = provider(values) == CacheProvider.REDIS
                || values.value(BusSettings.BUS) == BusSettings.BusKind.REDIS
                || values.value(SessionStoreSettings.USE_REDIS)
                || values.value(BusSettings.REDIS_URL).isPresent();
        Stream<Setting<?>> unused = used
                ? Stream.empty()
                : REDIS_PARTS.stream()
                        .filter(values::isSet)
                        .filter(part -> !Optional.empty().equals(values.value(part)));
        unused.forEach(part -> warnings.add(new Mistake(
                part.name(),
                "(" + values.from(part) + ") has no effect: neither " + CACHE_PROVIDER.name() + " nor "
                        + BusSettings.BUS.name() + " is redis, and " + SessionStoreSettings.USE_REDIS.name()
                        + " is false")));
        return warnings;
    }
}
