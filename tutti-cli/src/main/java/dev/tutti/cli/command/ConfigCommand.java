package dev.tutti.cli.command;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.Reference;
import dev.tutti.server.config.SettingsTable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tutti config}. */
@Command(
        name = "config",
        description = "Prints the settings that are in force, where each came from, and nothing secret.",
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--reference", description = "Prints all settings there are instead, in Markdown.")
    private boolean reference;

    ConfigCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (reference) {
            return printed(Reference.page());
        }
        return switch (SettingOptions.configuration(spec, terminal.environment(), terminal.directory())) {
            case Configuration.Valid(Configuration configuration) -> {
                PrintWriter err = spec.commandLine().getErr();
                configuration.warnings().forEach(warning -> err.println("Warning: " + warning.sentence()));
                err.flush();
                yield printed(SettingsTable.of(configuration));
            }
            case Configuration.Invalid invalid -> Mistakes.reported(spec, invalid);
        };
    }

    private int printed(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
