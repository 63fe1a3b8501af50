package dev.tutti.bench.cluster;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.bench.BenchCommand;
import dev.tutti.bench.Medians;
import dev.tutti.bench.Table;
import dev.tutti.bench.TemporaryDirectory;
import dev.tutti.cache.Cache;
import dev.tutti.cache.Loaded;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench cache}: hits, invalidations, misses at the same time, and a Redis that is frozen. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        description =
                "Caches of three instances with a second level on Redis: hits beside bare Caffeine, invalidations,"
                        + " misses at the same time, and calls while Redis is frozen.")
public final class CacheCommand extends BenchCommand {
    private static final int KEYS = 1_024;
    private static final int HITS = 5_000_000;
    private static final Duration LOAD = Duration.ofMillis(20);
    private static final Duration SHORT_LOAD = Duration.ofMillis(5);

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds of each, in turn (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--invalidations", defaultValue = "2000", description = "Invalidations (${DEFAULT-VALUE}).")
    private int invalidations;

    @Option(names = "--callers", defaultValue = "300", description = "Callers that miss (${DEFAULT-VALUE}).")
    private int callers;

    @Option(names = "--seconds", defaultValue = "30", description = "How long Redis is frozen (${DEFAULT-VALUE}).")
    private int seconds;

    private interface Lookup {
        Object get(String key) throws InterruptedException;
    }

    @Override
    protected void run(PrintWriter out) throws InterruptedException {
        require("--rounds", rounds, 1, 1_000);
        require("--invalidations", invalidations, 1, 5_000);
        require("--callers", callers, 3, 10_000);
        require("--seconds", seconds, 1, 600);
        try (TemporaryDirectory directory = new TemporaryDirectory("cache");
                BenchRedis redis = new BenchRedis(directory.path());
                CacheGroup group = new CacheGroup(redis.url())) {
            for (Table table : List.of(hits(group.first()), invalidated(group), missed(group), frozen(group, redis))) {
                out.println(table);
                out.flush();
            }
        }
    }

    private Table hits(Cache<String> cache) throws InterruptedException {
        List<String> keys =
                IntStream.range(0, KEYS).mapToObj(key -> "hit " + key).toList();
        com.github.benmanes.caffeine.cache.Cache<String, Optional<String>> bare =
                Caffeine.newBuilder().maximumSize(10L * KEYS).recordStats().build();
        for (String key : keys) {
            bare.put(key, Optional.of(key));
            cache.put(key, key);
        }
        Lookup caffeine = key -> String.valueOf(bare.getIfPresent(key));
        Lookup ours = key -> cache.get(key, each -> Loaded.of(each));
        List<Double> caffeineNanos = new ArrayList<>();
        List<Double> ourNanos = new ArrayList<>();
        double _ = nanos(keys, caffeine) + nanos(keys, ours); // for the compilers
        for (int round = 0; round < rounds; round++) {
            caffeineNanos.add(nanos(keys, caffeine));
            ourNanos.add(nanos(keys, ours));
        }
        double raw = Medians.of(caffeineNanos, Double::doubleValue);
        double own = Medians.of(ourNanos, Double::doubleValue);
        Table table = new Table(
                "hits: one thread, %,d keys, medians of %d rounds".formatted(KEYS, rounds), "cache", "ns", "to bare");
        table.row("Caffeine, bare", Table.count(raw), Table.ratio(raw, raw));
        table.row("Cache.get", Table.count(own), Table.ratio(own, raw));
        table.note("both count hits; Cache.get has a time to live and a weight for each value besides");
        return table;
    }

    private static double nanos(List<String> keys, Lookup lookup) throws InterruptedException {
        long sum = 0;
        long began = System.nanoTime();
        for (int i = 0; i < HITS; i++) {
            sum += lookup.get(keys.get(i & (KEYS - 1))).hashCode();
        }
        long taken = System.nanoTime() - began;
        return sum == 0 ? Double.NaN : (double) taken / HITS; // the sum is needed, so that nothing is left out
    }

    private Table invalidated(CacheGroup group) {
        Histogram _ = group.invalidations(Math.min(invalidations, 500)); // for the compilers
        Histogram latencies = group.invalidations(invalidations);
        Table table = new Table(
                "invalidation: from the call until another instance has dropped the value, after Redis has",
                "bus",
                "p50 ms",
                "p99 ms",
                "max ms");
        row(table, "Redis", latencies);
        return table;
    }

    private Table missed(CacheGroup group) throws InterruptedException {
        AtomicInteger loads = new AtomicInteger();
        Histogram _ = group.misses("first", callers, LOAD, loads); // for the compilers
        loads.set(0);
        Histogram latencies = new Histogram(3);
        for (int round = 0; round < rounds; round++) {
            latencies.add(group.misses("missed " + round, callers, LOAD, loads));
        }
        Table table = new Table(
                "misses: %d callers at three instances at the same time, a load takes %d ms"
                        .formatted(callers, LOAD.toMillis()),
                "rounds",
                "loads",
                "p50 ms",
                "p99 ms",
                "max ms");
        table.row(
                "" + rounds,
                "" + loads.get(),
                Table.millis(latencies, 50),
                Table.millis(latencies, 99),
                Table.millis(latencies, 100));
        return table;
    }

    private Table frozen(CacheGroup group, BenchRedis redis) throws InterruptedException {
        LongAdder failures = new LongAdder();
        Duration half = Duration.ofSeconds(seconds).dividedBy(2);
        Histogram _ = group.calls(half, SHORT_LOAD, failures); // for the compilers
        Table table = new Table(
                "outage: Redis, bus and second level, frozen for %d s; every call misses, a load takes %d ms"
                        .formatted(seconds, SHORT_LOAD.toMillis()),
                "calls",
                "count",
                "p50 ms",
                "p99 ms",
                "max ms");
        counted(table, "before", group.calls(half, SHORT_LOAD, failures));
        redis.freeze();
        Duration first = Duration.ofSeconds(seconds).dividedBy(6);
        counted(table, "frozen, first sixth", group.calls(first, SHORT_LOAD, failures));
        counted(table, "frozen, the rest", group.calls(first.multipliedBy(5), SHORT_LOAD, failures));
        redis.thaw();
        counted(table, "the time after", group.calls(half, SHORT_LOAD, failures));
        counted(table, "and later", group.calls(half, SHORT_LOAD, failures));
        table.note("calls that failed: " + failures.sum());
        return table;
    }

    private static void row(Table table, String name, Histogram latencies) {
        table.row(name, Table.millis(latencies, 50), Table.millis(latencies, 99), Table.millis(latencies, 100));
    }

    private static void counted(Table table, String name, Histogram latencies) {
        table.row(
                name,
                Table.count(latencies.getTotalCount()),
                Table.millis(latencies, 50),
                Table.millis(latencies, 99),
                Table.millis(latencies, 100));
    }
}
