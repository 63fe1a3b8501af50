package dev.tutti.bench;

import dev.tutti.bench.load.Dialect;
import dev.tutti.bench.load.Stamp;
import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.EventLoopKind;
import dev.tutti.bench.measure.Histograms;
import dev.tutti.bench.measure.Medians;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.subject.Peer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench fanout}: one sender, many subscribers, deliveries per second. */
@Command(
        name = "fanout",
        mixinStandardHelpOptions = true,
        description = "One sender, many subscribers: deliveries/s, beside one plain write per socket.")
final class FanoutCommand extends BenchCommand {
    private static final int MIN_SIZE = Stamp.LENGTH + 10;

    @Option(names = "--clients", defaultValue = "1000", description = "Subscribers (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--size", defaultValue = "100", description = "Bytes of a message (${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--window", defaultValue = "4", description = "Messages under way at a time (${DEFAULT-VALUE}).")
    private int window;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds of each (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "2", description = "Length of a round (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--peer", description = "Socket.IO on Node as well, installed by npm for the moment.")
    private boolean peer;

    @Override
    protected void run(PrintWriter out) {
        require("--clients", clients, 1, 20_000);
        require("--size", size, MIN_SIZE, 60_000);
        require("--window", window, 1, 1_000);
        require("--rounds", rounds, 1, 1_000);
        try (Peer node = peer ? Peer.socketIo(out) : Peer.none()) {
            out.println(table(measure(contenders(node))));
        }
    }

    private List<Contender> contenders(Peer node) {
        Contenders contenders = new Contenders(size, window);
        List<Contender> all = new ArrayList<>();
        all.add(contenders.raw("raw: one write each"));
        all.add(contenders.raw("raw: waiting ones combined", "--combined"));
        all.addAll(contenders.subscribing());
        all.addAll(contenders.peer(node, Dialect.SOCKET_IO_ROOM));
        return all;
    }

    private Map<String, List<Fanout.Round>> measure(List<Contender> contenders) {
        Map<String, Fanout> running = new LinkedHashMap<>();
        Map<String, List<Fanout.Round>> results = new LinkedHashMap<>();
        Duration duration = Duration.ofMillis((long) (seconds * 1_000));
        try {
            for (Contender contender : contenders) {
                Fanout fanout = new Fanout(contender, clients);
                running.put(contender.name(), fanout);
                fanout.run(duration.multipliedBy(2)); // not counted: the compilers' turn
            }
            for (int round = 0; round < rounds; round++) {
                running.forEach((name, fanout) ->
                        results.computeIfAbsent(name, _ -> new ArrayList<>()).add(fanout.run(duration)));
            }
        } finally {
            running.values().forEach(Fanout::close);
        }
        return results;
    }

    private Table table(Map<String, List<Fanout.Round>> results) {
        Table table = new Table(
                "fanout: %,d subscribers, %d-byte messages, %d under way; medians of %d rounds of %s s; %s"
                        .formatted(
                                clients,
                                size,
                                window,
                                rounds,
                                seconds,
                                EventLoopKind.best().name()),
                "",
                "deliveries/s",
                "of raw",
                "frame bytes",
                "server CPU/delivery",
                "p50 ms",
                "p99 ms",
                "p99.9 ms");
        double raw = Medians.of(results.values().iterator().next(), Fanout.Round::perSecond);
        results.forEach((name, runs) -> {
            double perSecond = Medians.of(runs, Fanout.Round::perSecond);
            Histogram latencies = Histograms.sum(runs, Fanout.Round::latencies);
            table.row(
                    name,
                    Table.count(perSecond),
                    Table.ratio(perSecond, raw),
                    Table.count(Medians.of(runs, Fanout.Round::bytes)),
                    Table.micros(Medians.of(runs, Fanout.Round::processorNanos)),
                    Table.millis(latencies, 50),
                    Table.millis(latencies, 99),
                    Table.millis(latencies, 99.9));
        });
        table.note("every subscriber got every message once, or this table would not be here");
        table.note(
                "the loop is closed, so latency is about window * subscribers / rate, and says how even, not how fast");
        table.note("clients and server share the machine; a stream's frames carry stream, seq, type and time as well");
        return table;
    }
}
