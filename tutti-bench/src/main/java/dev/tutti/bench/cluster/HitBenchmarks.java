package dev.tutti.bench.cluster;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.Loaded;
import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBackend;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Hits of a cache of one instance, and of Caffeine alone. JMH makes one for each benchmark, in a JVM of its own, and calls it on
 * one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HitBenchmarks {
    /** How many keys are asked for in turn; a power of two. */
    static final int KEYS = 1_024;

    private static final CacheSettings SETTINGS = CacheSettings.DEFAULT;
    private static final int WEIGHT = Math.toIntExact(SETTINGS.maxBytes() / SETTINGS.maxEntries());

    private final String[] keys =
            IntStream.range(0, KEYS).mapToObj(key -> "hit " + key).toArray(String[]::new);
    private final com.github.benmanes.caffeine.cache.Cache<String, Optional<String>> bare =
            Caffeine.newBuilder().maximumSize(10L * KEYS).recordStats().build();
    private final com.github.benmanes.caffeine.cache.Cache<String, Optional<String>> alike = Caffeine.newBuilder()
            .maximumWeight(SETTINGS.maxBytes())
            .<String, Optional<String>>weigher((_, _) -> WEIGHT)
            .expireAfter(Expiry.<String, Optional<String>>writing((_, _) -> SETTINGS.ttl()))
            .executor(Runnable::run)
            .recordStats()
            .build();
    private final Tutti tutti = Tutti.on(MemoryBackend.open())
            .secret("a secret of the benchmark, and of no one else")
            .start();
    private final Cache<String> cache = tutti.caches().cache("hits", SETTINGS, String.class);
    private int next;

    /** One in which all keys have a value. */
    public HitBenchmarks() {
        for (String key : keys) {
            bare.put(key, Optional.of(key));
            alike.put(key, Optional.of(key));
            cache.put(key, key);
        }
    }

    private String key() {
        return keys[next++ & (KEYS - 1)];
    }

    /** Caffeine that counts hits. */
    @Benchmark
    public @Nullable Object bareCaffeine() {
        return bare.getIfPresent(key());
    }

    /** Caffeine that counts hits, bounds the weight of what it has, and has a time to live for each value. */
    @Benchmark
    public @Nullable Object weighingCaffeine() {
        return alike.getIfPresent(key());
    }

    /** {@link Cache#get}, which does all of that. */
    @Benchmark
    public Object cache() throws InterruptedException {
        return cache.get(key(), each -> Loaded.of(each));
    }

    /** Ends the instance. */
    @TearDown
    public void close() {
        tutti.close();
    }
}
