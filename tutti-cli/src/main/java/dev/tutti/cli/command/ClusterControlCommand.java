package dev.tutti.cli.command;

import dev.tutti.cli.cluster.ClusterControl;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands that tell a running cluster, which is found by its data directory, to do something. */
abstract sealed class ClusterControlCommand extends ConfiguredCommand {
    ClusterControlCommand(Terminal terminal) {
        super(terminal);
    }

    /** The words that the cluster is told. */
    abstract String words();

    @Override
    int run(Configuration configuration) {
        new ClusterControl(configuration.value(DatabaseSettings.DATA_DIR)).ask(words(), line -> {
            out().println(line);
            out().flush();
        });
        return CommandLine.ExitCode.OK;
    }

    /** {@code cluster}'s subcommands. */
    static List<CommandLine> all(Terminal terminal) {
        return List.of(
                new CommandLine(new Restart(terminal)),
                new CommandLine(new Kill(terminal)),
                new CommandLine(new StatusCommand(terminal)));
    }

    /** {@code tutti cluster restart}. */
    @Command(
            name = "restart",
            description = "Restarts the workers of a running cluster, one after the other. No request fails.",
            mixinStandardHelpOptions = true)
    private static final class Restart extends ClusterControlCommand {
        Restart(Terminal terminal) {
            super(terminal);
        }

        @Override
        String words() {
            return "restart";
        }
    }

    /** {@code tutti cluster kill}. */
    @Command(
            name = "kill",
            description = "Kills a worker of a running cluster with SIGKILL, as a test.",
            mixinStandardHelpOptions = true)
    private static final class Kill extends ClusterControlCommand {
        @Parameters(index = "0", paramLabel = "I", description = "The number of the worker, from 1.")
        private int worker;

        Kill(Terminal terminal) {
            super(terminal);
        }

        @Override
        String words() {
            return "kill " + worker;
        }
    }

    /** {@code tutti cluster status}. */
    @Command(
            name = "status",
            description = "Prints the state of each part of a running cluster.",
            mixinStandardHelpOptions = true)
    private static final class StatusCommand extends ClusterControlCommand {
        StatusCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        String words() {
            return "status";
        }
    }
}
