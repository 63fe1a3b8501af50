package dev.tutti.job;

import dev.tutti.TransactionWork;
import dev.tutti.TuttiException;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** One attempt at a job, as its handler sees it. Safe for use by many threads. */
public interface JobContext {
    /** The largest progress, in bytes. */
    int MAX_PROGRESS_BYTES = 16 * 1024;

    /** Which job it is. */
    long id();

    /**
     * Which attempt it is, from 1: each runs once, unless the database has forgotten that it began, as a replica has that is promoted
     * without its last transactions. The number is given again then, and the older of the two is refused as any outdated attempt is.
     */
    int attempt();

    /** The data that the job was enqueued with. */
    Json data();

    /** The progress last noted by {@link #progress}, in an earlier attempt too: where to go on. */
    Optional<Json> lastProgress();

    /**
     * Notes how far it is, and tells those who follow the job. A transaction of its own; blocks.
     *
     * @param howFar at most {@value #MAX_PROGRESS_BYTES} bytes
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST} if the attempt is not the current one any more; with
     *     {@link dev.tutti.ErrorCode#BAD_REQUEST} if it is empty, with {@link dev.tutti.ErrorCode#TOO_LARGE} if it is too large
     */
    void progress(Json howFar);

    /**
     * Whether it shall end: the job was cancelled, its time is over, the instance leaves, another attempt has begun, or one may have:
     * for four and a half seconds this instance has not reached the database, reckoned by a monotonic clock from before it
     * asked for the last time and was answered. Never blocks.
     */
    boolean isCancelled();

    /**
     * Nothing, unless it shall end. A handler that stops early throws: a job whose handler returns is completed.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST}, as of {@link dev.tutti.lease.Lease#check}, if another
     *     attempt has begun, or one may have
     * @throws java.util.concurrent.CancellationException if the job was cancelled, its time is over, or the instance leaves
     */
    void check();

    /**
     * Does {@code work} within the transaction that is open on {@code transaction}, if no other attempt has begun. Until the
     * transaction ends none does, so it should be short: the database ends it after five idle seconds. Blocks.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST} if another attempt has begun, or this one is over;
     *     nothing was done then
     * @throws IllegalArgumentException if {@code transaction} commits by itself
     */
    <T> T fenced(Connection transaction, TransactionWork<T> work) throws SQLException;
}
