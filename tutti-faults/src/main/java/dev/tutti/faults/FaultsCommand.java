package dev.tutti.faults;

import dev.tutti.faults.cluster.FaultClusterSettings;
import dev.tutti.faults.hostile.HostileBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti faults}: does everything bad to a cluster for a while, and says whether it kept its promises. */
@Command(
        name = "tutti faults",
        mixinStandardHelpOptions = true,
        description = "Kills, freezes and cuts off the parts of a cluster while clients use it; then compares what each"
                + " client was told with what is in the log. Exit code 1 if a promise was broken.")
public final class FaultsCommand implements Callable<Integer> {
    private static final int GUESTS = 50;
    private static final Duration FLOOD = Duration.ofSeconds(10);

    @Option(names = "--seed", description = "Repeats the plan of a run. Default: by chance.")
    private @Nullable Long seed;

    @Option(names = "--minutes", defaultValue = "2", description = "How long, such as 0.5. Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(names = "--instances", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}")
    private int instances;

    @Option(names = "--clients", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}")
    private int clients;

    @Option(
            names = "--redis",
            description = "With a Redis between the instances; redis-server and redis-cli must be on the path.")
    private boolean redis;

    @Option(names = "--keep", description = "Keep the history and the logs also if nothing was found.")
    private boolean keep;

    @Option(
            names = "--hostile",
            description = "Floods one instance from one address while 50 people talk from another, each flood for ten"
                    + " seconds, and prints a table. Exit code 1 if people were refused anything.")
    private boolean hostile;

    /** Runs the bench. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new FaultsCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("tutti-faults");
        if (hostile) {
            return floods(directory);
        }
        FaultClusterSettings cluster = new FaultClusterSettings(directory, ServerLaunch.command(), instances, redis);
        Duration time = Duration.ofMillis(Math.round(minutes * 60_000));
        long chosen = seed == null ? ThreadLocalRandom.current().nextLong(1_000_000_000) : seed;
        Report report = FaultRun.of(new RunSettings(chosen, time, clients, cluster), System.out::println)
                .run();
        System.out.println(report);
        if (report.kept() && !keep) {
            RunDirectory.delete(directory);
        } else {
            System.out.println("The history and the logs are in " + directory);
        }
        return report.kept() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static int floods(Path directory) throws IOException, InterruptedException {
        List<HostileBench.Row> rows = new ArrayList<>();
        for (boolean operatorPort : List.of(false, true)) {
            System.out.println(
                    operatorPort ? "Liveness at a port of its own (TUTTI_OPERATOR_PORT):" : "Liveness at PORT:");
            Path own = Files.createDirectory(directory.resolve(operatorPort ? "operator-port" : "port"));
            rows.addAll(new HostileBench(own, ServerLaunch.measured(), GUESTS, FLOOD, operatorPort, System.out::println)
                    .run());
        }
        boolean kept = rows.stream().allMatch(row -> row.refused() == 0);
        if (kept) {
            RunDirectory.delete(directory);
        } else {
            System.out.println("The server's output is in " + directory);
        }
        return kept ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
