package dev.tutti.worker;

import dev.tutti.lease.Lease;
import java.time.Duration;

/** One run of a {@link Worker}, as it sees it. Safe for use by many threads. */
public interface WorkerContext {
    /** The type of worker it is. */
    String type();

    /** Which part of the work it does, from 0. */
    int shard();

    /** How many parts there are; 1 for a singleton. */
    int shards();

    /** The lease it runs under. Work that must not be done by two is done by {@link Lease#fenced}, or with its token. */
    Lease lease();

    /** Whether it shall go on: it has its lease, and nobody else shall take over. Asked before each step that has effect. */
    boolean isActive();

    /**
     * Waits, and returns at once when the worker shall not go on.
     *
     * @return {@link #isActive}: whether it shall go on
     */
    boolean pause(Duration time) throws InterruptedException;
}
