package dev.tutti.bench;

import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.ClosedLoop;
import dev.tutti.bench.measure.Histograms;
import dev.tutti.bench.measure.Medians;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.subject.Durable;
import dev.tutti.bench.subject.RawCommits;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench append}: acknowledged, durable events per second. */
@Command(
        name = "append",
        mixinStandardHelpOptions = true,
        description = "Durable appends/s and their latency, beside single-row commits of as many connections.")
final class AppendCommand extends BenchCommand {
    /** Two seconds are too short for a JVM of two cores: its compilers take longer to be done with a server's code. */
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    @Option(names = "--clients", defaultValue = "64", description = "Callers at a time (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--streams", defaultValue = "16", description = "Streams they share (${DEFAULT-VALUE}).")
    private int streams;

    @Option(names = "--size", defaultValue = "100", description = "Bytes of an event's data (${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds of each (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "2", description = "Length of a round (${DEFAULT-VALUE}).")
    private double seconds;

    @Override
    protected void run(PrintWriter out) {
        require("--clients", clients, 1, 1_000);
        require("--streams", streams, 1, 10_000);
        require("--size", size, 2, 60_000);
        require("--rounds", rounds, 1, 1_000);
        try (Durable durable = new Durable(clients)) {
            Table table = new Table(
                    "append: %d-byte events to %d streams, durable; medians of %d rounds of %s s; %s"
                            .formatted(size, streams, rounds, seconds, durable.version()),
                    "",
                    "acknowledged/s",
                    "of raw",
                    "p50 ms",
                    "p99 ms",
                    "p99.9 ms");
            compare(table, durable, clients);
            if (clients > 1) {
                compare(table, durable, 1);
            }
            table.note("raw: each connection inserts one row and commits it, over and over; fsync is on for all");
            table.note("appends of concurrent callers are combined into one transaction, so that they share its fsync");
            out.println(table);
        }
    }

    private void compare(Table table, Durable durable, int callers) {
        Map<String, Function<Duration, ClosedLoop.Round>> contenders = new LinkedHashMap<>();
        try (RawCommits raw = durable.rawCommits(callers, size);
                Durable.Remote remote =
                        Durable.remote(durable.newDatabase("remote" + callers), callers, streams, size)) {
            List<ClosedLoop.Call> ours = Appends.callers(durable.streams(), callers, streams, size);
            contenders.put("raw: " + callers + " × insert, commit", time -> ClosedLoop.run(raw.callers(), time));
            contenders.put(callers + " × Streams.append", time -> ClosedLoop.run(ours, time));
            contenders.put(callers + " × publish on /ws", remote::publish);
            rows(table, measure(contenders));
        }
    }

    private Map<String, List<ClosedLoop.Round>> measure(Map<String, Function<Duration, ClosedLoop.Round>> contenders) {
        Duration duration = Duration.ofMillis((long) (seconds * 1_000));
        Map<String, List<ClosedLoop.Round>> results = new LinkedHashMap<>();
        Duration warmUp = duration.compareTo(WARM_UP) < 0 ? WARM_UP : duration;
        contenders.values().forEach(contender -> {
            var _ = contender.apply(warmUp); // not counted
        });
        for (int round = 0; round < rounds; round++) {
            contenders.forEach((name, contender) ->
                    results.computeIfAbsent(name, _ -> new ArrayList<>()).add(contender.apply(duration)));
        }
        return results;
    }

    private static void rows(Table table, Map<String, List<ClosedLoop.Round>> results) {
        double raw = Medians.of(results.values().iterator().next(), ClosedLoop.Round::perSecond);
        results.forEach((name, runs) -> {
            double perSecond = Medians.of(runs, ClosedLoop.Round::perSecond);
            Histogram latencies = Histograms.sum(runs, ClosedLoop.Round::latencies);
            table.row(
                    name,
                    Table.count(perSecond),
                    Table.ratio(perSecond, raw),
                    Table.millis(latencies, 50),
                    Table.millis(latencies, 99),
                    Table.millis(latencies, 99.9));
        });
    }
}
