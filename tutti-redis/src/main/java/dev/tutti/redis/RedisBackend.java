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
 * A backend in a Redis (one server, Sentinel, or Cluster) for the chosen {@linkplain RedisUse uses}. By default it carries only the
 * bus. The reason is that an instance takes each ability from the last backend that has it. Suppose that a Redis had all abilities, and
 * was added only for messages. It would then take over rate limits and attributes of sessions from a database that does not lose them.
 * During a rolling deploy, the old instances would store them in one place and the new instances in another.
 *
 * <p>Each use has its own connections, so large values do not delay messages. Redis may be unavailable, also at the start; the backend
 * connects as soon as possible. Only the bus does not start without it. If Redis refuses the user or the password, or its certificate is
 * not trusted, the start fails for every use. Do not store data in Redis that must not be lost. Safe for use by many threads.
 */
public final class RedisBackend implements Backend {
    private static final Set<RedisUse> BUS = Set.of(RedisUse.BUS);

    private final Map<RedisUse, RedisPart> parts; // never changed after construction

    private RedisBackend(Map<RedisUse, RedisPart> parts) {
        this.parts = parts;
    }

    /**
     * Opens a backend for the bus at {@code url}, such as {@code rediss://user:password@host:6379}. Does not connect yet.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read
     */
    public static RedisBackend open(String url) {
        return open(RedisSettings.of(RedisAddress.parse(url)));
    }

    /**
     * Opens a backend at {@code url} for exactly these uses: name the bus as well if it is to be used. The bus connects when it is started.
     * Each other use tries to connect at once, and waits for at most five seconds: it is no failure if Redis is unavailable.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if Redis refuses the user or the password, or its certificate is
     *     not trusted
     */
    public static RedisBackend open(String url, RedisUse use, RedisUse... others) {
        return open(RedisSettings.of(RedisAddress.parse(url)), EnumSet.of(use, others));
    }

    /** Opens a backend for the bus with these settings. Does not connect yet. */
    public static RedisBackend open(RedisSettings settings) {
        return open(settings, BUS);
    }

    /**
     * Opens a backend for exactly these uses, as {@link #open(String, RedisUse, RedisUse...)} does. If this fails, nothing stays open.
     *
     * @throws IllegalArgumentException if {@code uses} is empty
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if Redis refuses the user or the password, or its certificate is
     *     not trusted
     */
    public static RedisBackend open(RedisSettings settings, Set<RedisUse> uses) {
        return open(settings, uses, RedisConnector.PATIENCE);
    }

    /** The same, but each use waits for at most {@code firstTry}. */
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

    /** The same, with parts that {@code opener} opens. */
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
     * The name of the health check: {@code redis} for the bus alone, otherwise {@code redis-} and the uses, such as {@code redis-limits} or
     * {@code redis-bus-cache}.
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
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if not; the message has the reason as far as it is known
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
     * Closes all uses, the latest first.
     *
     * @throws TuttiException if some of them failed to close; the causes are its suppressed exceptions
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
