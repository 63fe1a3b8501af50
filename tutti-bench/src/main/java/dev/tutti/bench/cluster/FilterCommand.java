package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.measure.TemporaryDirectory;
import dev.tutti.bench.subject.Durable;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench cluster filter}: what of the messages of others an instance is sent. */
@Command(
        name = "filter",
        mixinStandardHelpOptions = true,
        description = "Many topics, each heard by one instance: how much an instance is sent that is not for it.")
final class FilterCommand extends BenchCommand {
    private static final int CONNECTIONS = 100;

    @Option(
            names = "--topics",
            split = ",",
            defaultValue = "80,800,8000,100000",
            description = "How many, one after the other (${DEFAULT-VALUE}).")
    private List<Integer> topics = List.of();

    @Option(names = "--instances", defaultValue = "8", description = "Instances (${DEFAULT-VALUE}).")
    private int instances;

    @Option(
            names = "--messages",
            defaultValue = "100000",
            description = "Messages to random topics (${DEFAULT-VALUE}).")
    private int messages;

    @Override
    protected void run(PrintWriter out) throws IOException, InterruptedException {
        topics.forEach(count -> require("--topics", count, 1, 10_000_000));
        require("--instances", instances, 2, 32);
        require("--messages", messages, 1, 100_000_000);
        Table table = new Table(
                "filter: %d instances in one process, %,d messages of 100 bytes to random topics"
                        .formatted(instances, messages),
                "bus",
                "topics",
                "subscribed in s",
                "messages/s",
                "wanted per instance",
                "sent to an instance beside",
                "of all others'",
                "lost");
        try (TemporaryDirectory directory = new TemporaryDirectory("filter");
                Durable database = new Durable(CONNECTIONS);
                RedisProcess redis = RedisProcess.server(directory.path())) {
            String url = database.newDatabase("filter");
            for (int count : topics) {
                row(table, "PostgreSQL", count, () -> Listening.postgres(url));
                row(table, "Redis", count, () -> Listening.redis(redis.url()));
            }
        }
        table.note("each topic is heard by one instance; a message comes from one of the others");
        table.note("of all others': what is sent beside, as a part of what the other instances published for others");
        out.println(table);
    }

    private void row(Table table, String name, int count, Listening.Start start) {
        try (BusGroup group = new BusGroup(instances, start)) {
            Duration subscribing = group.subscribe(count);
            BusGroup.Outcome outcome = group.publish(messages, count);
            if (outcome.received() + outcome.lost() != messages) {
                throw new BenchException(outcome.received() + " of " + messages + " messages came");
            }
            double elsewhere = (double) messages * (instances - 2) / instances;
            table.row(
                    name,
                    Table.count(count),
                    "%.1f".formatted(subscribing.toMillis() / 1e3),
                    Table.count(outcome.perSecond()),
                    Table.count((double) outcome.received() / instances),
                    Table.count((double) outcome.ignored() / instances),
                    Table.ratio((double) outcome.ignored() / instances, elsewhere),
                    Table.count(outcome.lost()));
        }
    }
}
