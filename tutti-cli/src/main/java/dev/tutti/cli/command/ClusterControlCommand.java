package dev.tutti.cli.command;

import dev.tutti.TuttiException;
import dev.tutti.cli.cluster.ClusterControl;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that tell a running cluster, which is found by its data directory, to do something. */
abstract sealed class ClusterControlCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ClusterControlCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What the cluster is told. */
    abstract String words();

    @Override
    public Integer call() {
        return switch (SettingOptions.configuration(spec, terminal.environment(), terminal.directory())) {
            case Configuration.Valid(Configuration configuration) -> asked(configuration);
            case Configuration.Invalid invalid -> Mistakes.reported(spec, invalid);
        };
    }

    private int asked(Configuration configuration) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            new ClusterControl(configuration.value(DatabaseSettings.DATA_DIR)).ask(words(), line -> {
                out.println(line);
                out.flush();
            });
            return CommandLine.ExitCode.OK;
        } catch (TuttiException failure) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(failure.getMessage());
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** {@code cluster}'s subcommands. */
    static List<CommandLine> all(Terminal terminal) {
        return List.of(
                new CommandLine(new Restart(terminal)),
                new CommandLine(new Kill(terminal)),
                new CommandLine(new Status(terminal)));
    }

    /** {@code tutti cluster restart}. */
    @Command(
            name = "restart",
            description = "Restarts the workers of a running cluster, one after the other; no request fails.",
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
            description = "Kills a worker of a running cluster with SIGKILL, to see what happens.",
            mixinStandardHelpOptions = true)
    private static final class Kill extends ClusterControlCommand {
        @Parameters(index = "0", paramLabel = "I", description = "Which one, from 1 on.")
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
            description = "Tells how the parts of a running cluster stand.",
            mixinStandardHelpOptions = true)
    private static final class Status extends ClusterControlCommand {
        Status(Terminal terminal) {
            super(terminal);
        }

        @Override
        String words() {
            return "status";
        }
    }
}
