package dev.tutti.bench.cluster;

import dev.tutti.bench.load.Followed;
import dev.tutti.bench.load.Followers;
import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.measure.TemporaryDirectory;
import dev.tutti.bench.subject.Durable;
import dev.tutti.testkit.client.ServerApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench cluster growth}: what one instance costs the database and the bus, as there are more of them. */
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        description = "The same load on 1, 2, 4, 8 instances: transactions/s and bus messages/s of each.")
final class GrowthCommand extends BenchCommand {
    private static final int CONNECTIONS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Option(
            names = "--instances",
            split = ",",
            defaultValue = "1,2,4,8",
            description = "How many, one after the other (${DEFAULT-VALUE}).")
    private List<Integer> sizes = List.of();

    @Option(names = "--rate", defaultValue = "200", description = "Messages per second in all (${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--streams", defaultValue = "200", description = "Streams they go to (${DEFAULT-VALUE}).")
    private int streams;

    @Option(names = "--clients", defaultValue = "400", description = "Clients that follow (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--seconds", defaultValue = "20", description = "How long each (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--heap", defaultValue = "64", description = "MiB of each instance (${DEFAULT-VALUE}).")
    private int heap;

    /** The values of the counters at one time. */
    private record Counters(long transactions, double published, double received, double dropped, Duration processor) {}

    @Override
    protected void run(PrintWriter out) throws IOException, InterruptedException {
        sizes.forEach(size -> require("--instances", size, 1, 16));
        require("--rate", rate, 1, 10_000);
        require("--streams", streams, 1, 900);
        require("--clients", clients, 1, 9_000);
        require("--seconds", seconds, 1, 600);
        require("--heap", heap, 32, 16_384);
        Table table = new Table(
                "growth: %d messages/s to %d streams, %d clients spread evenly, heaps of %d MiB"
                        .formatted(rate, streams, clients, heap),
                "instances",
                "sent/s",
                "transactions/s",
                "of them per instance",
                "bus: published/s per instance",
                "bus: received/s per instance",
                "lost",
                "CPU of all",
                "event p50, p99 ms");
        try (TemporaryDirectory directory = new TemporaryDirectory("growth");
                Durable database = new Durable(CONNECTIONS)) {
            String url = database.newDatabase("growth");
            List<SteadySenders.Sender> senders = new ArrayList<>();
            for (int size : sizes) {
                measure(table, directory.path(), database, url, size, senders);
            }
        }
        table.note("transactions: commits in the database, heartbeats and housekeeping included");
        table.note("received: by all others that have somebody who follows the stream");
        out.println(table);
    }

    private void measure(
            Table table, Path directory, Durable database, String url, int size, List<SteadySenders.Sender> senders)
            throws IOException, InterruptedException {
        Map<String, String> settings =
                Map.of("DATABASE_URL", url, "DB_MAX_CONNECTIONS", Integer.toString(CONNECTIONS - 10));
        try (Instances instances = new Instances(directory, size, heap, settings)) {
            List<ServerApi> doors = instances.doors();
            if (senders.isEmpty()) {
                senders.addAll(GroupSenders.register(doors.getFirst(), streams));
            }
            List<Followed> feeds = new ArrayList<>();
            for (SteadySenders.Sender sender : senders) {
                feeds.add(GroupSenders.current(doors.getFirst(), sender.account(), sender.group())
                        .followed());
            }
            try (Followers followers = new Followers(instances.ports(), feeds, clients)) {
                followers.open(PATIENCE);
                try (SteadySenders sending = new SteadySenders(doors, senders, rate, followers::acknowledged)) {
                    Pauses.of(Duration.ofSeconds(seconds).dividedBy(2)); // not counted: the compilers' turn
                    var _ = followers.takeLatencies();
                    Counters before = counters(instances, database);
                    long began = System.nanoTime();
                    Pauses.of(Duration.ofSeconds(seconds));
                    Counters after = counters(instances, database);
                    double passed = (System.nanoTime() - began) / 1e9;
                    Histogram latencies = followers.takeLatencies();
                    SteadySenders.Tally sent = sending.finish();
                    long missing = followers.settle(PATIENCE);
                    long lost = missing + followers.report().lost();
                    row(table, size, sent, before, after, passed, lost, latencies);
                }
            }
        }
    }

    private void row(
            Table table,
            int size,
            SteadySenders.Tally sent,
            Counters before,
            Counters after,
            double passed,
            long lost,
            Histogram latencies) {
        double transactions = (after.transactions() - before.transactions()) / passed;
        table.row(
                Integer.toString(size),
                Table.count(sent.perSecond()),
                Table.count(transactions),
                Table.count(transactions / size),
                Table.count((after.published() - before.published()) / passed / size),
                Table.count((after.received() - before.received()) / passed / size),
                Long.toString(lost),
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        after.processor().minus(before.processor()).toNanos() / 1e9 / passed),
                Table.millis(latencies, 50) + ", " + Table.millis(latencies, 99));
        if (after.dropped() > 0) {
            table.note("with " + size + " instances " + Table.count(after.dropped())
                    + " messages were dropped on the bus: what they announced was found later");
        }
    }

    private static Counters counters(Instances instances, Durable database) throws IOException, InterruptedException {
        return new Counters(
                database.transactions("growth"),
                instances.counter("tutti_bus_published_total"),
                instances.counter("tutti_bus_received_total"),
                instances.counter("tutti_bus_dropped_total"),
                instances.processorTime());
    }
}
