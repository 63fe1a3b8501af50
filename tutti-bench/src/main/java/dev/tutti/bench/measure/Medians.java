package dev.tutti.bench.measure;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle one of a few rounds: one round that was disturbed does not count. Pure. */
public final class Medians {
    private Medians() {}

    /** The median of what {@code value} makes of {@code rounds}, of which there is at least one. */
    public static <T> double of(Collection<T> rounds, ToDoubleFunction<T> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
