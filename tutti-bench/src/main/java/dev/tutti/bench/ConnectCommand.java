package dev.tutti.bench;

import dev.tutti.bench.load.Dialect;
import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.EventLoopKind;
import dev.tutti.bench.measure.Histograms;
import dev.tutti.bench.measure.Medians;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.subject.Peer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench connect}: connections per second, and what an idle one holds in memory. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        description =
                "Connections/s until ready, and memory per idle one, beside accepting a socket and echoing a byte.")
final class ConnectCommand extends BenchCommand {
    private static final int FEW = 5; // that part of the clients is weighed first
    private static final int WARM_UPS = 4;

    @Option(names = "--clients", defaultValue = "2000", description = "Connections of a round (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--idle", defaultValue = "10000", description = "Idle connections to weigh (${DEFAULT-VALUE}).")
    private int idle;

    @Option(names = "--in-flight", defaultValue = "64", description = "Handshakes at a time (${DEFAULT-VALUE}).")
    private int inFlight;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds of each (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--peer", description = "Socket.IO on Node as well, installed by npm for the moment.")
    private boolean peer;

    @Override
    protected void run(PrintWriter out) {
        require("--clients", clients, 1, 19_000);
        require("--idle", idle, FEW, 19_000);
        require("--in-flight", inFlight, 1, 1_000);
        require("--rounds", rounds, 1, 100);
        try (Peer node = peer ? Peer.socketIo(out) : Peer.none()) {
            out.println(measure(contenders(node)));
        }
    }

    private static List<Contender> contenders(Peer node) {
        List<Contender> all = new ArrayList<>();
        all.add(Contenders.SILENT.raw("raw: accept, echo a byte"));
        all.addAll(Contenders.SILENT.connecting());
        all.addAll(Contenders.SILENT.peer(node, Dialect.SOCKET_IO));
        return all;
    }

    private Table measure(List<Contender> contenders) {
        Map<String, Connecting> running = new LinkedHashMap<>();
        Map<String, List<Connecting.Round>> results = new LinkedHashMap<>();
        Map<String, Connecting.Footprint> footprints = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders) {
                Connecting connecting = new Connecting(contender, clients);
                running.put(contender.name(), connecting);
                for (int i = 0; i < WARM_UPS; i++) {
                    connecting.run(clients, inFlight); // not counted: the compilers' turn
                }
            }
            for (int round = 0; round < rounds; round++) {
                running.forEach((name, connecting) ->
                        results.computeIfAbsent(name, _ -> new ArrayList<>()).add(connecting.run(clients, inFlight)));
            }
            running.forEach((name, connecting) -> footprints.put(name, connecting.weigh(idle / FEW, idle, inFlight)));
        } finally {
            running.values().forEach(Connecting::close);
        }
        return table(results, footprints);
    }

    private Table table(Map<String, List<Connecting.Round>> results, Map<String, Connecting.Footprint> footprints) {
        Table table = new Table(
                "connect: %,d connections, %d handshakes at a time; medians of %d rounds; %s"
                        .formatted(
                                clients, inFlight, rounds, EventLoopKind.best().name()),
                "",
                "connections/s",
                "of raw",
                "server CPU/connection",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "idle: resident bytes",
                "of them heap");
        double raw = Medians.of(results.values().iterator().next(), Connecting.Round::perSecond);
        footprints.forEach((name, footprint) -> {
            List<Connecting.Round> runs = results.getOrDefault(name, List.of());
            double perSecond = Medians.of(runs, Connecting.Round::perSecond);
            Histogram handshakes = Histograms.sum(runs, Connecting.Round::handshakes);
            table.row(
                    name,
                    Table.count(perSecond),
                    Table.ratio(perSecond, raw),
                    Table.micros(Medians.of(runs, Connecting.Round::processorNanos)),
                    Table.millis(handshakes, 50),
                    Table.millis(handshakes, 99),
                    Table.millis(handshakes, 99.9),
                    Table.count(footprint.resident()),
                    Table.count(footprint.heap()));
        });
        table.note("ready: Socket.IO's namespace has answered, the WebSocket has said hello, the byte has come back");
        table.note(
                "bytes per connection: what the process grew by between %,d and %,d idle ones, garbage collected; the kernel's part is not in it"
                        .formatted(idle / FEW, idle));
        return table;
    }
}
