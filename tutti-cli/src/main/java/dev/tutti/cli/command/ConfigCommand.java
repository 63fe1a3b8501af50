package dev.tutti.cli.command;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.Reference;
import dev.tutti.server.config.SettingsTable;
import dev.tutti.server.identity.RightsReport;
import dev.tutti.server.storage.DataDirectory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti config}. */
@Command(
        name = "config",
        description = "Prints the settings in force, and the source of each. Secrets are masked.",
        mixinStandardHelpOptions = true)
final class ConfigCommand extends ConfiguredCommand {
    @Option(names = "--reference", description = "Prints the reference of all settings instead, in Markdown.")
    private boolean reference;

    @Option(
            names = "--who-may",
            arity = "2",
            paramLabel = "TOKEN STREAM",
            hideParamSyntax = true,
            description =
                    "Prints instead what the bearer of a token may do with the stream and the feed called STREAM, and"
                            + " which rule allows it. TOKEN may also be key:CAPABILITY,... for a key with these"
                            + " capabilities, or anybody for clients without a login.")
    private List<String> whoMay = List.of();

    ConfigCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        return reference ? printed(Reference.page()) : super.call();
    }

    @Override
    int run(Configuration configuration) {
        configuration.warnings().forEach(warning -> err().println("Warning: " + warning.sentence()));
        err().flush();
        return printed(whoMay.isEmpty() ? SettingsTable.of(configuration) : explained(configuration));
    }

    private String explained(Configuration configuration) {
        List<String> secrets = new ArrayList<>();
        configuration
                .value(IdentitySettings.JWT_SECRET)
                .or(() -> DataDirectory.of(configuration).madeTokenSecret())
                .ifPresent(secrets::add);
        secrets.addAll(configuration.value(IdentitySettings.JWT_SECRET_PREVIOUS));
        RightsReport report = new RightsReport(configuration, secrets, Clock.systemUTC());
        return report.of(whoMay.getFirst(), whoMay.getLast());
    }

    private int printed(String text) {
        out().print(text);
        out().flush();
        return CommandLine.ExitCode.OK;
    }
}
