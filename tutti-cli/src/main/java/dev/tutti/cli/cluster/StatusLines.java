package dev.tutti.cli.cluster;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells a person what happens, one line per event. Safe for use by many threads. */
final class StatusLines {
    private final PrintWriter out;

    StatusLines(PrintWriter out) {
        this.out = out;
    }

    synchronized void print(String name, String text) {
        out.println(line(name, text));
        out.flush();
    }

    static String line(String name, String text) {
        return String.format(Locale.ROOT, "%-10s %s", name, text);
    }

    /** As people say it: 0.5 s, 42 s. */
    static String seconds(Duration duration) {
        return duration.toSeconds() < 10
                ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0)
                : duration.toSeconds() + " s";
    }
}
