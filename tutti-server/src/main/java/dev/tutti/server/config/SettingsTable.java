package dev.tutti.server.config;

import java.util.stream.Collectors;

/** Writes what is in force, for people. */
public final class SettingsTable {
    private static final String NAME = "NAME";
    private static final String VALUE = "VALUE";

    private SettingsTable() {}

    /** A table of all settings: name, value (secrets masked), and where it came from. */
    public static String of(Configuration configuration) {
        int names = Settings.ALL.stream()
                .mapToInt(setting -> setting.name().length())
                .max()
                .orElse(0);
        int values = Settings.ALL.stream()
                .mapToInt(setting -> shown(configuration, setting).length())
                .max()
                .orElse(0);
        String head = line(NAME, VALUE, "FROM", names, values);
        return Settings.ALL.stream()
                .map(setting -> line(
                        setting.name(),
                        shown(configuration, setting),
                        configuration.entry(setting).from(),
                        names,
                        values))
                .collect(Collectors.joining("", head, ""));
    }

    private static String shown(Configuration configuration, Setting<?> setting) {
        String text = setting.shown(configuration.entry(setting).text());
        return text.isEmpty() ? "-" : text;
    }

    private static String line(String name, String value, String from, int names, int values) {
        return padded(name, names) + "  " + padded(value, Math.max(values, VALUE.length())) + "  " + from + "\n";
    }

    private static String padded(String text, int length) {
        return text + " ".repeat(Math.max(0, length - text.length()));
    }
}
