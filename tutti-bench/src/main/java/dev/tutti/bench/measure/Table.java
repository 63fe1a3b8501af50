package dev.tutti.bench.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** A small table of text: the first column to the left, the others to the right. Not safe for use by several threads. */
public final class Table {
    private final String title;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    public Table(String title, String... columns) {
        this.title = title;
        rows.add(List.of(columns));
    }

    public void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(cells.length + " cells for the columns " + rows.getFirst());
        }
        rows.add(Arrays.asList(cells));
    }

    public void note(String note) {
        notes.add(note);
    }

    /** The number with thousands separated. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The number, rounded, with thousands separated. */
    public static String count(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    /** The number with one digit behind the point. */
    public static String tenths(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    /** {@code ours} in hundredths of {@code raw}. */
    public static String ratio(double ours, double raw) {
        return String.format(Locale.ROOT, "%.2f", ours / raw);
    }

    /** Nanoseconds, in microseconds. */
    public static String micros(double nanos) {
        return String.format(Locale.ROOT, "%.2f µs", nanos / 1e3);
    }

    /** A percentile of nanoseconds, in milliseconds. */
    public static String millis(Histogram nanos, double percentile) {
        return nanos.getTotalCount() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.2f", nanos.getValueAtPercentile(percentile) / 1e6);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(title).append('\n');
        text.append("on ").append(Machine.describe()).append("\n\n");
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                String pad = " ".repeat(widths[column] - row.get(column).length());
                text.append(column == 0 ? row.get(column) + pad : "   " + pad + row.get(column));
            }
            text.append('\n');
        }
        notes.forEach(note -> text.append("\n- ").append(note));
        return notes.isEmpty() ? text.toString() : text.append('\n').toString();
    }
}
