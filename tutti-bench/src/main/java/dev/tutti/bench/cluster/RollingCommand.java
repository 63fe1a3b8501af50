package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench cluster rolling}: what clients notice of a rolling restart under load. */
@Command(
        name = "rolling",
        mixinStandardHelpOptions = true,
        description = "Restarts the instances of a cluster one after the other under load: what fails, what is lost.")
final class RollingCommand extends BenchCommand {
    @Option(names = "--clients", defaultValue = "2000", description = "Clients that follow (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--rate", defaultValue = "500", description = "Messages per second (${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--groups", defaultValue = "50", description = "Groups they go to (${DEFAULT-VALUE}).")
    private int groups;

    @Option(names = "--instances", defaultValue = "3", description = "Instances (${DEFAULT-VALUE}).")
    private int instances;

    @Option(names = "--balancer", defaultValue = "nginx", description = "nginx, haproxy, library (${DEFAULT-VALUE}).")
    private String balancer = "";

    @Option(names = "--heap", defaultValue = "256", description = "MiB of each instance (${DEFAULT-VALUE}).")
    private int heap;

    @Option(names = "--calm", defaultValue = "10", description = "Seconds before and after (${DEFAULT-VALUE}).")
    private int calm;

    @Override
    protected void run(PrintWriter out) throws IOException {
        require("--clients", clients, 1, 9_000);
        require("--rate", rate, 1, 10_000);
        require("--groups", groups, 1, 1_000);
        require("--instances", instances, 2, 16);
        require("--heap", heap, 32, 16_384);
        require("--calm", calm, 1, 600);
        Rolling.Load load = new Rolling.Load(clients, rate, groups, instances, Duration.ofSeconds(calm));
        try (BenchCluster cluster = BenchCluster.start(instances, balancer, heap)) {
            Rolling.Outcome outcome = Rolling.run(cluster, load);
            out.println(table(load, outcome));
            if (outcome.lost() > 0) {
                out.println("The cluster said last:\n" + cluster.printed());
            }
        }
    }

    private Table table(Rolling.Load load, Rolling.Outcome outcome) {
        Table table = new Table(
                "rolling restart: %d instances behind %s, %,d clients, %,d messages/s to %d groups"
                        .formatted(load.instances(), balancer, load.clients(), load.rate(), load.groups()),
                "",
                "measured");
        SteadySenders.Tally sent = outcome.sent();
        table.row("restart of all, s", seconds(outcome.restart()));
        table.row("messages accepted", Table.count(sent.accepted()));
        table.row("requests answered with an error", Table.count(sum(sent.refused())));
        table.row("requests not answered (sent again)", Table.count(sum(sent.unanswered())));
        table.row("of them had been done all the same", Table.count(sent.repeated()));
        table.row("request p50, p99, max ms", three(sent.latencies()));
        table.row("events delivered", Table.count(outcome.seen().events()));
        table.row("events lost", Table.count(outcome.lost()));
        table.row("events repeated", Table.count(outcome.seen().repeated()));
        table.row("events out of order", Table.count(outcome.seen().disordered()));
        table.row("messages stored twice", Table.count(outcome.seen().storedTwice()));
        table.row("gaps told", Table.count(outcome.seen().gapsTold()));
        table.row("reconnects", Table.count(outcome.seen().returns()));
        table.row("reconnects/s, peak", Table.count(outcome.seen().peakReturns()));
        table.row("close to caught up p50, p99, max ms", three(outcome.seen().gaps()));
        table.row("event p50, p99, max ms before", three(outcome.before()));
        table.row("event p50, p99, max ms during", three(outcome.during()));
        table.note("connections ended with " + outcome.seen().ends());
        note(table, "errors", sent.refused());
        note(table, "not answered", sent.unanswered());
        note(table, "refused to followers", outcome.seen().refusals());
        table.note("caught up: following again, and everything has come that was acknowledged when that began");
        table.note("clients, balancer, instances and database share the machine");
        return table;
    }

    private static void note(Table table, String what, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            table.note(what + ": " + counts);
        }
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String three(Histogram nanos) {
        return Table.millis(nanos, 50) + ", " + Table.millis(nanos, 99) + ", " + Table.millis(nanos, 100);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1e3);
    }
}
