package dev.tutti.server.config;

import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the reference page, {@code docs/configuration.md}, from {@link Settings}. */
public final class Reference {
    private static final String HEAD = """
            # Configuration

            Every setting is an environment variable. You can also write it into a `.env` file in the working directory (or into the
            file that `--env-file` names), or give it as a command line flag. Secrets, and URLs that may contain one, have no flag. A
            flag takes precedence over the environment, and the environment over the file. An empty value counts as not set.
            `./tutti config` prints the values in force, and the source of each.

            The server does not start if a value is not allowed, or if an unknown name begins with `TUTTI_` and is similar to that of a
            setting. It reports all mistakes at once. Other unknown names cause a warning if they begin with `TUTTI_`, are similar to
            that of a setting, or are settings of similar servers, such as `POSTGRES_PASSWORD` without `DATABASE_URL`.

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
