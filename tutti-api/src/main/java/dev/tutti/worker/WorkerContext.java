package dev.tutti.worker;

import dev.tutti.lease.Lease;
import java.time.Duration;

/** The context of one run of a {@link Worker}. Safe for use by many threads. */
public interface WorkerContext {
    /** The type of the worker. */
    String type();

    /** The number of the worker's shard, from 0. */
    int shard();

    /** The number of shards; 1 for a singleton. */
    int shards();

    /** The lease of this run. Effects that two instances must not both have need {@link Lease#fenced}, or the lease's token. */
    Lease lease();

    /**
     * Whether the worker should continue: it holds its lease, and no other instance should take over. Ask before each step that has an
     * effect.
     */
    boolean isActive();

    /**
     * Waits for {@code time}; returns at once when the worker should stop.
     *
     * @return {@link #isActive}: whether the worker should continue
     */
    boolean pause(Duration time) throws InterruptedException;
}
