package dev.tutti.cli.command;

import dev.tutti.TuttiException;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.Reference;
import dev.tutti.server.config.SettingsTable;
import dev.tutti.server.identity.RightsReport;
import dev.tutti.server.storage.DataDirectory;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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

    @Option(
            names = "--who-may",
            arity = "2",
            paramLabel = "TOKEN STREAM",
            hideParamSyntax = true,
            description =
                    "Says instead what the bearer of a token or key may do with a stream, and which rule allows it.")
    private List<String> whoMay = List.of();

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
                yield whoMay.isEmpty() ? printed(SettingsTable.of(configuration)) : explained(configuration);
            }
            case Configuration.Invalid invalid -> Mistakes.reported(spec, invalid);
        };
    }

    private int explained(Configuration configuration) {
        List<String> secrets = new ArrayList<>();
        configuration
                .value(IdentitySettings.JWT_SECRET)
                .or(() -> DataDirectory.of(configuration).madeTokenSecret())
                .ifPresent(secrets::add);
        secrets.addAll(configuration.value(IdentitySettings.JWT_SECRET_PREVIOUS));
        try {
            RightsReport report = new RightsReport(configuration, secrets, Clock.systemUTC());
            return printed(report.of(whoMay.getFirst(), whoMay.getLast()));
        } catch (TuttiException refused) {
            spec.commandLine().getErr().println("Error: " + refused.getMessage());
            spec.commandLine().getErr().flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private int printed(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
