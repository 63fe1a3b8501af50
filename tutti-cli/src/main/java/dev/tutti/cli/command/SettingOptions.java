package dev.tutti.cli.command;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.ConfigurationError;
import dev.tutti.server.config.EnvFile;
import dev.tutti.server.config.Setting;
import dev.tutti.server.config.SettingSource;
import dev.tutti.server.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The flags that commands have for the settings, and the configuration that they, the environment and a file make. */
final class SettingOptions {
    private static final String ENV_FILE = "--env-file";

    private SettingOptions() {}

    /** Adds a flag for every setting that may have one. */
    static CommandLine added(CommandLine command) {
        return added(command, Settings.ALL);
    }

    /** Adds a flag for each of {@code settings} that may have one. */
    static CommandLine added(CommandLine command, List<Setting<?>> settings) {
        CommandSpec spec = command.getCommandSpec();
        spec.addOption(OptionSpec.builder(ENV_FILE)
                .paramLabel("FILE")
                .type(String.class)
                .description("A file with lines of NAME=value. Default: .env, if it exists.")
                .build());
        for (Setting<?> setting : settings) {
            setting.flag()
                    .ifPresent(flag -> spec.addOption(OptionSpec.builder(flag)
                            .paramLabel("VALUE")
                            .type(String.class)
                            .description(setting.description().replace("%", "%%") + " (" + setting.name() + ")")
                            .build()));
        }
        return command;
    }

    /** The configuration that the typed flags, {@code environment} and the file together say. */
    static Configuration.Outcome configuration(CommandSpec spec, Map<String, String> environment, Path directory) {
        CommandLine.ParseResult typed = spec.commandLine().getParseResult();
        List<SettingSource> sources = new ArrayList<>();
        sources.add(new SettingSource("flag", flags(typed)));
        sources.add(new SettingSource("environment", environment));
        Optional<String> named = Optional.ofNullable(typed.matchedOptionValue(ENV_FILE, null));
        return switch (EnvFile.read(directory.resolve(named.orElse(EnvFile.USUAL)), named.orElse(EnvFile.USUAL))) {
            case EnvFile.Read(SettingSource file) -> {
                sources.add(file);
                yield Configuration.of(sources);
            }
            case EnvFile.Absent() ->
                named.isEmpty()
                        ? Configuration.of(sources)
                        : new Configuration.Invalid(
                                List.of(new ConfigurationError(named.get(), "does not exist (--env-file)")));
            case EnvFile.Unusable(ConfigurationError mistake) -> new Configuration.Invalid(List.of(mistake));
        };
    }

    private static Map<String, String> flags(CommandLine.ParseResult typed) {
        Map<String, String> values = new HashMap<>();
        for (Setting<?> setting : Settings.ALL) {
            setting.flag()
                    .filter(typed::hasMatchedOption)
                    .ifPresent(flag -> values.put(setting.name(), typed.matchedOptionValue(flag, "")));
        }
        return values;
    }
}
