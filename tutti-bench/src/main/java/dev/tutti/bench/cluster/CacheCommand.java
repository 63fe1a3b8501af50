package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.measure.TemporaryDirectory;
import dev.tutti.bench.subject.Durable;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench cache}: hits, invalidations, misses at the same time, a loader that is killed, and a Redis that is away. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        description =
                "Caches of three instances with a second level on Redis: hits beside bare Caffeine, invalidations,"
                        + " misses at the same time, a loader that is killed, and calls while Redis is frozen or killed.")
public final class CacheCommand extends BenchCommand {
    private static final int WARMUPS = 3;
    private static final int ITERATIONS = 5;
    private static final Duration LOAD = Duration.ofMillis(20);
    private static final Duration SHORT_LOAD = Duration.ofMillis(5);

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds of misses, and of loaders that are killed (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--invalidations", defaultValue = "2000", description = "Invalidations (${DEFAULT-VALUE}).")
    private int invalidations;

    @Option(names = "--callers", defaultValue = "300", description = "Callers that miss (${DEFAULT-VALUE}).")
    private int callers;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "How long Redis is frozen, and then killed (${DEFAULT-VALUE}).")
    private int seconds;

    /** A step that is done to Redis. */
    @FunctionalInterface
    private interface RedisStep {
        void run() throws IOException, InterruptedException;
    }

    @Override
    protected void run(PrintWriter out) throws IOException, InterruptedException {
        require("--rounds", rounds, 1, 1_000);
        require("--invalidations", invalidations, 1, 5_000);
        require("--callers", callers, 3, 10_000);
        require("--seconds", seconds, 1, 600);
        print(out, new CacheHits(WARMUPS, ITERATIONS, TimeValue.seconds(1)).measured()); // while nothing else runs here
        try (TemporaryDirectory directory = new TemporaryDirectory("cache");
                RedisProcess redis = RedisProcess.server(directory.path());
                CacheGroup group = new CacheGroup(redis.url())) {
            print(out, invalidated(group));
            print(out, missed(group));
            print(out, killedLoader(directory.path()));
            print(out, outage("frozen", group, redis::freeze, redis::thaw));
            print(out, outage("killed", group, redis::kill, redis::start));
        }
    }

    private static void print(PrintWriter out, Table table) {
        out.println(table);
        out.flush();
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
        return loaded(
                "misses: %d callers at three instances at the same time, a load takes %d ms"
                        .formatted(callers, LOAD.toMillis()),
                loads.get(),
                latencies);
    }

    private Table loaded(String title, int loads, Histogram latencies) {
        Table table = new Table(title, "rounds", "loads", "p50 ms", "p99 ms", "max ms");
        table.row(
                "" + rounds,
                "" + loads,
                Table.millis(latencies, 50),
                Table.millis(latencies, 99),
                Table.millis(latencies, 100));
        return table;
    }

    /** With a Redis of its own, as its instances are a cluster of their own. */
    private Table killedLoader(Path directory) throws IOException, InterruptedException {
        int loads = 0;
        Histogram waits = new Histogram(3);
        try (RedisProcess redis = RedisProcess.server(directory);
                Durable durable = new Durable(KilledLoader.CONNECTIONS);
                KilledLoader killed = new KilledLoader(durable.newDatabase("cache"), redis.url())) {
            for (int round = 0; round < rounds; round++) {
                KilledLoader.Round measured = killed.round("killed " + round, callers, LOAD);
                loads += measured.loads();
                waits.add(measured.waits());
            }
        }
        Table table = loaded(
                "killed loader: its process gets SIGKILL while %d callers at two other instances wait; then a load takes %d ms"
                        .formatted(callers, LOAD.toMillis()),
                loads,
                waits);
        table.note(
                "from the kill until a caller had the value; two loads a round: the one that was killed, and the next");
        return table;
    }

    /** Calls before, while and after Redis is away, {@code how}: {@code begin} has it go, {@code end} has it come back. */
    private Table outage(String how, CacheGroup group, RedisStep begin, RedisStep end)
            throws IOException, InterruptedException {
        LongAdder failures = new LongAdder();
        Duration half = Duration.ofSeconds(seconds).dividedBy(2);
        Histogram _ = group.calls(half, SHORT_LOAD, failures); // for the compilers
        Table table = new Table(
                "outage: Redis, bus and second level, %s for %d s; every call misses, a load takes %d ms"
                        .formatted(how, seconds, SHORT_LOAD.toMillis()),
                "calls",
                "count",
                "p50 ms",
                "p99 ms",
                "max ms");
        counted(table, "before", group.calls(half, SHORT_LOAD, failures));
        begin.run();
        Duration first = Duration.ofSeconds(seconds).dividedBy(6);
        counted(table, how + ", first sixth", group.calls(first, SHORT_LOAD, failures));
        counted(table, how + ", the rest", group.calls(first.multipliedBy(5), SHORT_LOAD, failures));
        end.run();
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
