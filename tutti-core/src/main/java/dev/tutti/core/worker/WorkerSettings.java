package dev.tutti.core.worker;

import java.util.Set;

/**
 * The settings of workers: which of them an instance runs.
 *
 * @param enabled whether it runs any
 * @param types of which types; all if it is empty
 * @param most how many at a time, from 1 on
 */
public record WorkerSettings(boolean enabled, Set<String> types, int most) {
    /** All of them. */
    public static final WorkerSettings DEFAULT = new WorkerSettings(true, Set.of(), Integer.MAX_VALUE);

    /** None. */
    public static final WorkerSettings NONE = new WorkerSettings(false, Set.of(), 1);

    public WorkerSettings {
        types = Set.copyOf(types);
        if (most < 1) {
            throw new IllegalArgumentException("number of workers is " + most + "; allowed are 1 and more");
        }
    }

    boolean runs(String type) {
        return enabled && (types.isEmpty() || types.contains(type));
    }
}
