package dev.tutti.redis;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.backend.Backend;
import dev.tutti.bus.Bus;
import dev.tutti.cache.CacheStore;
import dev.tutti.health.Status;
import dev.tutti.limit.LimitStore;
import dev.tutti.session.AttributeStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A Redis and its {@linkplain RedisUse uses} by one instance: one server, Sentinel, or Cluster. It carries the bus and nothing
 * else, unless other uses are chosen. An instance takes each ability from the last backend that has it. If a Redis had all of them,
 * one that was added for messages, and may forget, would take rate limits and attributes of sessions over from a database that
 * keeps them, and during a rolling deploy the old instances would keep them in one place and the new ones in another.
 *
 * <p>Each use has connections of its own, so that large values keep no message waiting. Redis may be away, at the start as well, and is
 * connected to as soon as that is possible; only a bus does not start without it. A Redis that refuses the user or the password, or shows
 * a certificate that is not trusted, ends the start of each use. Nothing that must not be lost belongs in it. Safe for use by many threads.
 */
public final class RedisBackend implements Backend {
    private static final Set<RedisUse> BUS = Set.of(RedisUse.BUS);

    private final Map<RedisUse, RedisPart> parts; // not changed

    private RedisBackend(Map<RedisUse, RedisPart> parts) {
        this.parts = parts;
    }

    /**
     * The bus at {@code url}, such as {@code rediss://user:password@host:6379}; does not connect yet.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read
     */
    public static RedisBackend open(String url) {
        return open(RedisSettings.of(RedisAddress.parse(url)));
    }

    /**
     * A Redis at {@code url} for these uses and nothing else: the bus, too, has to be among them. Each use but the bus, which connects when
     * it is started, tries to connect and waits for that, five seconds at most: a Redis that is away is no failure.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if Redis refuses the user or the password, or its certificate is
     *     not trusted
     */
    public static RedisBackend open(String url, RedisUse use, RedisUse... others) {
        return open(RedisSettings.of(RedisAddress.parse(url)), EnumSet.of(use, others));
    }

    /** The bus, with all that can be chosen; does not connect yet. */
    public static RedisBackend open(RedisSettings settings) {
        return open(settings, BUS);
    }

    /**
     * A Redis for {@code uses} and nothing else, as {@link #open(String, RedisUse, RedisUse...)}. If it fails, nothing is left open.
     *
     * @throws IllegalArgumentException if {@code uses} is empty
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if Redis refuses the user or the password, or its certificate is
     *     not trusted
     */
    public static RedisBackend open(RedisSettings settings, Set<RedisUse> uses) {
        return open(settings, uses, RedisConnector.PATIENCE);
    }

    /** The same, in which each use waits for {@code firstTry} at most. */
    static RedisBackend open(RedisSettings settings, Set<RedisUse> uses, Duration firstTry) {
        return open(uses, use -> part(settings, use, firstTry));
    }

    private static RedisPart part(RedisSettings settings, RedisUse use, Duration firstTry) {
        return switch (use) {
            case BUS -> new RedisBus(settings);
            case CACHE -> new RedisCacheStore(settings, firstTry);
            case LIMITS -> new RedisLimitStore(settings, firstTry);
            case SESSIONS -> new RedisAttributeStore(settings, firstTry);
        };
    }

    /** The same with parts that {@code opener} opens. */
    static RedisBackend open(Set<RedisUse> uses, Function<RedisUse, RedisPart> opener) {
        if (uses.isEmpty()) {
            throw new IllegalArgumentException(
                    "the uses of Redis are []; allowed are one or more of " + Arrays.toString(RedisUse.values()));
        }
        Map<RedisUse, RedisPart> parts = new EnumMap<>(RedisUse.class);
        try {
            for (RedisUse use : EnumSet.copyOf(uses)) {
                parts.put(use, opener.apply(use));
            }
        } catch (RuntimeException | Error failure) {
            close(parts.values(), failure);
            throw failure;
        }
        return new RedisBackend(parts);
    }

    /**
     * With the bus alone {@code redis}; otherwise {@code redis-} and its uses, such as {@code redis-limits} or {@code redis-bus-cache}. The
     * health check has this name.
     */
    @Override
    public String name() {
        return parts.keySet().equals(BUS)
                ? "redis"
                : parts.keySet().stream().map(RedisUse::word).collect(Collectors.joining("-", "redis-", ""));
    }

    @Override
    public Optional<Bus> bus() {
        return ability(RedisUse.BUS, Bus.class);
    }

    @Override
    public Optional<CacheStore> cache() {
        return ability(RedisUse.CACHE, CacheStore.class);
    }

    @Override
    public Optional<LimitStore> limits() {
        return ability(RedisUse.LIMITS, LimitStore.class);
    }

    @Override
    public Optional<AttributeStore> attributes() {
        return ability(RedisUse.SESSIONS, AttributeStore.class);
    }

    private <T> Optional<T> ability(RedisUse use, Class<T> kind) {
        return Optional.ofNullable(parts.get(use)).map(kind::cast);
    }

    /**
     * Healthy if Redis answers within a second on the connections of each use.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if not; the message says why, as far as it is known
     */
    @Override
    public Status check() {
        for (RedisPart part : parts.values()) {
            if (!part.ping()) {
                throw new TuttiException(
                        ErrorCode.UNAVAILABLE, part.failure().orElse("Redis does not answer within a second"));
            }
        }
        return Status.HEALTHY;
    }

    /**
     * Closes all that was opened, the latest first.
     *
     * @throws TuttiException if some of it failed to close; the causes are its suppressed exceptions
     */
    @Override
    public void close() {
        TuttiException failures = new TuttiException(ErrorCode.INTERNAL, name() + " did not close cleanly");
        close(parts.values(), failures);
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    /** Closes {@code parts}, the latest first; failures are suppressed in {@code failures}. */
    private static void close(Collection<RedisPart> parts, Throwable failures) {
        for (RedisPart part : List.copyOf(parts).reversed()) {
            try {
                part.close();
            } catch (RuntimeException | Error failure) {
                failures.addSuppressed(failure);
            }
        }
    }
}
