package dev.tutti.server.config;

import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the reference page, {@code docs/configuration.md}, from {@link Settings}. */
public final class Reference {
    private static final String HEAD = """
            # Configuration

            Every setting is an environment variable. The same names may stand in a `.env` file in the working directory (or
            in the one named by `--env-file`), and all but secrets are command line flags too. A flag wins over the environment,
            the environment over the file; an empty value counts as none. `./tutti config` prints what is in force and where each
            value came from. A value that is not allowed, and a `TUTTI_` name that is nearly a setting's, keep the server from
            starting; all of them are reported at once. Other names that look like settings and are none are warned of.

            This page is written by `./tutti config --reference > docs/configuration.md`; a test compares.
            """;

    private Reference() {}

    /** The page, in Markdown. */
    public static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Setting.Section section : Setting.Section.values()) {
            page.append("\n## ").append(section.title()).append("\n\n");
            page.append("| name | flag | default | allowed | what it does |\n|---|---|---|---|---|\n");
            page.append(Settings.ALL.stream()
                    .filter(setting -> setting.section() == section)
                    .map(Reference::row)
                    .collect(Collectors.joining()));
        }
        return page.toString();
    }

    private static String row(Setting<?> setting) {
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %s | %s | %s |\n",
                setting.name(),
                setting.flag().map(flag -> "`" + flag + "`").orElse("none"),
                setting.fallback().isEmpty() ? "none" : "`" + setting.fallback().replace("|", "\\|") + "`",
                cell(setting.type().allowed()),
                cell(setting.description()));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;");
    }
}
