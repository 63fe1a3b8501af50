package dev.tutti.core.worker;

import java.util.Set;

/**
 * The settings of workers: which workers an instance runs. Immutable.
 *
 * @param enabled whether the instance runs any worker
 * @param types the types of workers that it runs; empty for all types
 * @param most the most workers that it runs at a time, 1 or more; each shard counts as one
 */
public record WorkerSettings(boolean enabled, Set<String> types, int most) {
    /** Runs workers of all types, any number at a time. */
    public static final WorkerSettings DEFAULT = new WorkerSettings(true, Set.of(), Integer.MAX_VALUE);

    /** Runs no workers. */
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
