package dev.tutti.server.command;

import dev.tutti.server.config.Configuration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tutti run}. */
@Command(
        name = "run",
        description = "Runs the server until SIGTERM or Ctrl-C; then it finishes what it has and leaves.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return switch (SettingOptions.configuration(spec, terminal.environment(), terminal.directory())) {
            case Configuration.Valid(Configuration configuration) -> CommandLine.ExitCode.OK;
            case Configuration.Invalid invalid -> Mistakes.reported(spec, invalid);
        };
    }
}
