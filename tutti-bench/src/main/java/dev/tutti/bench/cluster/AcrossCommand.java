package dev.tutti.bench.cluster;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.load.Dialect;
import dev.tutti.bench.load.Stamp;
import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.Histograms;
import dev.tutti.bench.measure.Medians;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.measure.TemporaryDirectory;
import dev.tutti.bench.subject.Destination;
import dev.tutti.bench.subject.Durable;
import dev.tutti.bench.subject.Peer;
import dev.tutti.bench.subject.TargetCommand;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench cluster across}: from one instance to the clients of another. */
@Command(
        name = "across",
        mixinStandardHelpOptions = true,
        description =
                "Sends at one instance to the clients of another: latency at a steady rate, deliveries/s at most.")
final class AcrossCommand extends BenchCommand {
    private static final int CONNECTIONS = 100;

    @Option(names = "--clients", defaultValue = "500", description = "Clients of the other (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--rate", defaultValue = "100", description = "Messages per second (${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--size", defaultValue = "100", description = "Bytes of a message (${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--window", defaultValue = "8", description = "Messages under way at a time (${DEFAULT-VALUE}).")
    private int window;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds of each (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "Length of a round (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--peer", description = "Socket.IO on Node with its Redis adapter as well, installed by npm.")
    private boolean peer;

    private record Results(List<Across.Round> steady, List<Across.Round> saturated) {
        double latency(double percentile) {
            return latencies().getValueAtPercentile(percentile);
        }

        Histogram latencies() {
            return Histograms.sum(steady, Across.Round::latencies);
        }
    }

    @Override
    protected void run(PrintWriter out) throws IOException, InterruptedException {
        require("--clients", clients, 1, 9_000);
        require("--rate", rate, 1, 100_000);
        require("--size", size, Stamp.LENGTH + 10, 7_000);
        require("--window", window, 1, 1_000);
        require("--rounds", rounds, 1, 100);
        try (TemporaryDirectory directory = new TemporaryDirectory("across");
                Durable database = new Durable(CONNECTIONS);
                RedisProcess redis = RedisProcess.server(directory.path());
                Peer node = peer ? Peer.socketIo(out, "@socket.io/redis-adapter@8", "redis@5") : Peer.none()) {
            out.println(table(measure(contenders(database, redis, node)), database.version()));
        }
    }

    private List<Across.Contender> contenders(Durable database, RedisProcess redis, Peer node) {
        Map<String, String> over = Map.of(TargetCommand.REDIS, redis.url());
        List<Across.Contender> all = new ArrayList<>();
        Destination room = Destination.ROOM;
        all.add(ours("room, Redis", Dialect.SOCKET_IO_ROOM, room, over, database.newDatabase("one")));
        all.add(ours("room, PostgreSQL", Dialect.SOCKET_IO_ROOM, room, Map.of(), database.newDatabase("two")));
        Destination stream = Destination.STREAM;
        all.add(ours("stream, Redis", Dialect.WS_STREAM, stream, over, database.newDatabase("three")));
        all.add(ours("stream, PostgreSQL", Dialect.WS_STREAM, stream, Map.of(), database.newDatabase("four")));
        all.add(ours(
                "stream by SQL, PostgreSQL",
                Dialect.WS_STREAM,
                Destination.STREAM_BY_SQL,
                Map.of(),
                database.newDatabase("seven")));
        Destination memory = Destination.VOLATILE_FEED;
        all.add(ours("feed in memory, Redis", Dialect.WS_VOLATILE_FEED, memory, over, database.newDatabase("five")));
        all.add(ours("feed, PostgreSQL", Dialect.WS_FEED, Destination.FEED, Map.of(), database.newDatabase("six")));
        node.installed()
                .ifPresent(it -> all.addFirst(new Across.Contender(
                        "peer: room, redis-adapter",
                        Dialect.SOCKET_IO_ROOM,
                        () -> it.start("" + size, "" + window, redis.url()))));
        return all;
    }

    private Across.Contender ours(
            String name, Dialect dialect, Destination destination, Map<String, String> bus, String database) {
        Map<String, String> environment = new LinkedHashMap<>(bus);
        environment.put(TargetCommand.DATABASE, database);
        String underWay = "" + (destination.conflates() ? 1 : window);
        return new Across.Contender(
                name,
                dialect,
                () -> Child.java(
                        environment, "target", "--size", "" + size, "--window", underWay, destination.option()));
    }

    private Map<String, Results> measure(List<Across.Contender> contenders) {
        Map<String, Across> running = new LinkedHashMap<>();
        Map<String, Results> results = new LinkedHashMap<>();
        Duration duration = Duration.ofMillis((long) (seconds * 1_000));
        try {
            for (Across.Contender contender : contenders) {
                Across across = new Across(contender, clients);
                running.put(contender.name(), across);
                across.saturated(duration); // not counted: the compilers' turn
                results.put(contender.name(), new Results(new ArrayList<>(), new ArrayList<>()));
            }
            for (int round = 0; round < rounds; round++) {
                results.forEach((name, result) -> {
                    Across across = running.get(name);
                    if (across == null) {
                        throw new BenchException(name + " does not run");
                    }
                    result.steady().add(across.steady(rate, duration));
                    result.saturated().add(across.saturated(duration));
                });
            }
        } finally {
            running.values().forEach(Across::close);
        }
        return results;
    }

    private Table table(Map<String, Results> results, String version) {
        String first = results.keySet().iterator().next();
        Table table = new Table(
                "across: one instance sends, %,d clients of another receive; %d bytes; %d rounds of %s s; %s"
                        .formatted(clients, size, rounds, seconds, version),
                "",
                "p50 ms at %d/s".formatted(rate),
                "p99 ms",
                "max ms",
                "p50 of first",
                "p99 of first",
                "deliveries/s at most",
                "of first");
        Results base = results.values().iterator().next();
        results.forEach((name, result) -> table.row(
                name,
                Table.millis(result.latencies(), 50),
                Table.millis(result.latencies(), 99),
                Table.millis(result.latencies(), 100),
                Table.ratio(result.latency(50), base.latency(50)),
                Table.ratio(result.latency(99), base.latency(99)),
                Table.count(Medians.of(result.saturated(), Across.Round::deliveries)),
                Table.ratio(
                        Medians.of(result.saturated(), Across.Round::deliveries),
                        Medians.of(base.saturated(), Across.Round::deliveries))));
        table.note("every client got every message once, or this table would not be here");
        table.note("at most: a closed loop with %d messages under way; first: %s".formatted(window, first));
        table.note("a feed has one version under way, since a subscriber may miss a version that another one follows");
        table.note("a stream's events are durable before they are sent; a room's are not stored at all");
        return table;
    }
}
