package dev.tutti.bench;

import dev.tutti.bench.cluster.CacheCommand;
import dev.tutti.bench.cluster.ClusterBench;
import dev.tutti.bench.cluster.LoaderCommand;
import dev.tutti.bench.job.JobsCommand;
import dev.tutti.bench.job.RunnerCommand;
import dev.tutti.bench.load.ClientsCommand;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.subject.RawCommand;
import dev.tutti.bench.subject.TargetCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tutti bench}: measures, on this machine and in one run, the server and the raw limit beside it. */
@Command(
        name = "tutti bench",
        mixinStandardHelpOptions = true,
        description = "Measures the server beside the raw limit of this machine, in the same run.",
        subcommands = {
            FanoutCommand.class,
            ConnectCommand.class,
            AppendCommand.class,
            CacheCommand.class,
            JobsCommand.class,
            ClusterBench.class,
            ClientsCommand.class,
            LoaderCommand.class,
            RunnerCommand.class,
            RawCommand.class,
            TargetCommand.class
        })
public final class Bench {
    private Bench() {}

    /** Runs a benchmark; the exit code is 0 if it could be measured. */
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench()).setExecutionExceptionHandler((failure, command, _) -> {
            if (!(failure instanceof BenchException)) {
                throw failure;
            }
            command.getErr().println(failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
    }
}
