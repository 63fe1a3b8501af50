package dev.tutti.bench.cluster;

import dev.tutti.bench.load.DeliveryCounts;
import dev.tutti.bench.load.Followed;
import dev.tutti.bench.load.Followers;
import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.measure.TemporaryDirectory;
import dev.tutti.bench.subject.Durable;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench cluster outage}: Redis, as the bus, is killed under load and comes back. */
@Command(
        name = "outage",
        mixinStandardHelpOptions = true,
        description = "Kills Redis under load and starts it again later: what is lost, and how late events come.")
final class OutageCommand extends BenchCommand {
    private static final int CONNECTIONS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Option(names = "--clients", defaultValue = "500", description = "Clients that follow (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--rate", defaultValue = "100", description = "Messages per second (${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--groups", defaultValue = "20", description = "Groups they go to (${DEFAULT-VALUE}).")
    private int groups;

    @Option(names = "--instances", defaultValue = "3", description = "Instances (${DEFAULT-VALUE}).")
    private int instances;

    @Option(names = "--seconds", defaultValue = "30", description = "How long Redis is away (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--heap", defaultValue = "128", description = "MiB of each instance (${DEFAULT-VALUE}).")
    private int heap;

    private record Outcome(
            Map<String, Histogram> phases, SteadySenders.Tally sent, DeliveryCounts.Report seen, long missing) {}

    @Override
    protected void run(PrintWriter out) throws IOException, InterruptedException {
        require("--clients", clients, 1, 9_000);
        require("--rate", rate, 1, 10_000);
        require("--groups", groups, 1, 900);
        require("--instances", instances, 2, 8);
        require("--seconds", seconds, 1, 600);
        require("--heap", heap, 32, 16_384);
        try (TemporaryDirectory directory = new TemporaryDirectory("outage");
                Durable database = new Durable(CONNECTIONS);
                RedisProcess redis = RedisProcess.server(directory.path())) {
            Map<String, String> settings = Map.of(
                    "DATABASE_URL", database.newDatabase("outage"),
                    "DB_MAX_CONNECTIONS", Integer.toString(CONNECTIONS - 10),
                    "REDIS_URL", redis.url());
            try (Instances running = new Instances(directory.path(), instances, heap, settings)) {
                out.println(table(measure(redis, running)));
            }
        }
    }

    private Outcome measure(RedisProcess redis, Instances running) throws IOException, InterruptedException {
        List<ServerApi> doors = running.doors();
        List<SteadySenders.Sender> senders = GroupSenders.register(doors.getFirst(), groups);
        List<Followed> feeds =
                senders.stream().map(SteadySenders.Sender::followed).toList();
        try (Followers followers = new Followers(running.ports().reversed(), feeds, clients)) {
            followers.open(PATIENCE);
            Map<String, Histogram> phases = new LinkedHashMap<>();
            SteadySenders.Tally sent;
            Duration half = Duration.ofSeconds(seconds).dividedBy(2);
            try (SteadySenders sending = new SteadySenders(doors, senders, rate, followers::acknowledged)) {
                Pauses.of(half); // not counted: the compilers' turn
                var _ = followers.takeLatencies();
                Pauses.of(half);
                phases.put("before", followers.takeLatencies());
                redis.kill();
                Pauses.of(half.multipliedBy(2));
                phases.put("without Redis", followers.takeLatencies());
                redis.start();
                Pauses.of(half);
                phases.put("the time after", followers.takeLatencies());
                Pauses.of(half);
                sent = sending.finish();
            }
            long missing = followers.settle(PATIENCE);
            phases.put("and later", followers.takeLatencies());
            return new Outcome(phases, sent, followers.report(), missing);
        }
    }

    private Table table(Outcome outcome) {
        Table table = new Table(
                "outage: Redis away for %d s; %d instances, %,d clients, %d messages/s to %d groups"
                        .formatted(seconds, instances, clients, rate, groups),
                "event latency",
                "events",
                "p50 ms",
                "p99 ms",
                "max ms");
        outcome.phases()
                .forEach((phase, latencies) -> table.row(
                        phase,
                        Table.count(latencies.getTotalCount()),
                        Table.millis(latencies, 50),
                        Table.millis(latencies, 99),
                        Table.millis(latencies, 100)));
        DeliveryCounts.Report seen = outcome.seen();
        table.note("accepted %,d; delivered %,d; lost %d, repeated %d, out of order %d, stored twice %d"
                .formatted(
                        outcome.sent().accepted(),
                        seen.events(),
                        seen.lost() + outcome.missing(),
                        seen.repeated(),
                        seen.disordered(),
                        seen.storedTwice()));
        table.note("requests answered with an error: %s; not answered: %s"
                .formatted(outcome.sent().refused(), outcome.sent().unanswered()));
        table.note("connections of followers that ended: %s; refused: %s".formatted(seen.ends(), seen.refusals()));
        table.note("each event is sent to one instance and followed at all, so that most of them cross");
        return table;
    }
}
