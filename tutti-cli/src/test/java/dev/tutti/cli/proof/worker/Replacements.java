package dev.tutti.cli.proof.worker;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How rounds of one kind of trouble went: how soon other instances took over, and how often the old ones were refused. For one thread. */
final class Replacements {
    private static final String HEAD = """
            | the one that runs it | rounds | median | longest | stale writes that SQL refused |
            |---|---|---|---|---|
            """;

    private final String trouble;
    private final List<Duration> times = new ArrayList<>();
    private final List<Map<String, WorkerRows.Last>> replaced = new ArrayList<>();

    /** Of what {@code trouble} says in the table. */
    Replacements(String trouble) {
        this.trouble = trouble;
    }

    /** A round in which others took over after {@code time} from those who had written the rows {@code before}, by worker. */
    void add(Duration time, Map<String, WorkerRows.Last> before) {
        times.add(time);
        replaced.add(new HashMap<>(before));
    }

    /** A table in Markdown; what of {@code all} has no rounds is left out. */
    static String table(List<Replacements> all, WorkerRows rows) throws SQLException {
        StringBuilder table = new StringBuilder(HEAD);
        for (Replacements each : all) {
            if (!each.times.isEmpty()) {
                table.append(each.line(rows));
            }
        }
        return table + "Written under a stale token: " + rows.stale() + "; tokens of two instances: " + rows.shared();
    }

    private String line(WorkerRows rows) throws SQLException {
        List<Duration> sorted = times.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.2f s | %.2f s | %d |%n",
                trouble,
                sorted.size(),
                seconds(sorted.get(sorted.size() / 2)),
                seconds(sorted.getLast()),
                refused(rows));
    }

    private long refused(WorkerRows rows) throws SQLException {
        long refused = 0;
        for (Map<String, WorkerRows.Last> round : replaced) {
            for (Map.Entry<String, WorkerRows.Last> each : round.entrySet()) {
                refused += rows.refused(each.getKey(), each.getValue());
            }
        }
        return refused;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }
}
