package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.Table;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A measurement of how long a hit of a cache takes, by JMH: each of {@link HitBenchmarks} runs in a JVM of its own with the options
 * and the class path of this one. JMH lets one measure at a time on a machine, by a file in the directory for temporary ones.
 *
 * @param warmups iterations that do not count, 0 and more
 * @param iterations iterations that do, 1 and more
 * @param time how long each takes
 */
record CacheHits(int warmups, int iterations, TimeValue time) {
    /**
     * Measures, which blocks for as long as all iterations take and some seconds more.
     *
     * @throws BenchException if a benchmark fails, or somebody else measures with JMH on this machine
     */
    Table measured() {
        Table table = new Table(
                "hits: one thread, %,d keys, by JMH: 1 fork, %d warm-ups and %d iterations of %s"
                        .formatted(HitBenchmarks.KEYS, warmups, iterations, time),
                "cache",
                "ns",
                "± ns",
                "to bare");
        Result<?> bare = result("bareCaffeine");
        row(table, "Caffeine, bare", bare, bare);
        row(table, "Caffeine with weights and times to live", result("weighingCaffeine"), bare);
        row(table, "Cache.get", result("cache"), bare);
        table.note("±: half of the confidence interval of 99.9 %; all three count hits");
        return table;
    }

    private static void row(Table table, String name, Result<?> result, Result<?> bare) {
        table.row(
                name,
                Table.tenths(result.getScore()),
                Table.tenths(result.getScoreError()),
                Table.ratio(result.getScore(), bare.getScore()));
    }

    private Result<?> result(String benchmark) {
        Options options = new OptionsBuilder()
                .include(HitBenchmarks.class.getName() + "." + benchmark + "$")
                .forks(1)
                .warmupIterations(warmups)
                .warmupTime(time)
                .measurementIterations(iterations)
                .measurementTime(time)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            return new Runner(options).runSingle().getPrimaryResult();
        } catch (RunnerException failure) {
            throw new BenchException("hits cannot be measured", failure);
        }
    }
}
