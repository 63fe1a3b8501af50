package dev.tutti.job;

import dev.tutti.TransactionWork;
import dev.tutti.TuttiException;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** The context of one attempt at a job. Safe for use by many threads. */
public interface JobContext {
    /** The largest progress, in bytes. */
    int MAX_PROGRESS_BYTES = 16 * 1024;

    /** The id of the job. */
    long id();

    /**
     * The number of the attempt, from 1. A number is used once, unless the database has lost the transaction that began the attempt, for
     * example because a standby was promoted without it. Then the number is used again, and the older of the two attempts is refused like
     * every outdated attempt.
     */
    int attempt();

    /** The data that the job was enqueued with. */
    Json data();

    /** The latest progress stored by {@link #progress}, in this or an earlier attempt, so that an attempt can continue from there. */
    Optional<Json> lastProgress();

    /**
     * Stores the progress of the job, and sends it to the followers of the job, in a transaction of its own. Blocks.
     *
     * @param howFar at most {@value #MAX_PROGRESS_BYTES} bytes
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST} if the attempt is no longer the current one; with
     *     {@link dev.tutti.ErrorCode#BAD_REQUEST} if {@code howFar} is empty, with {@link dev.tutti.ErrorCode#TOO_LARGE} if it is too large
     */
    void progress(Json howFar);

    /**
     * Whether the attempt should end: because the job was cancelled, the attempt timed out, the instance is leaving, or another attempt has
     * begun or may have begun. The last is assumed when this instance has not reached the database for four and a half seconds, measured by
     * a monotonic clock from the beginning of its last successful heartbeat. Never blocks.
     */
    boolean isCancelled();

    /**
     * Throws if the attempt should end. A handler that stops early must throw, because a job whose handler returns is completed.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST}, as {@link dev.tutti.lease.Lease#check}, if another
     *     attempt has begun or may have begun
     * @throws java.util.concurrent.CancellationException if the job was cancelled, the attempt timed out, or the instance is leaving
     */
    void check();

    /**
     * Runs {@code work} within the transaction that is open on {@code transaction}, if no other attempt has begun. No other attempt can
     * begin until the transaction ends, so keep it short: the database ends it after five idle seconds. Blocks.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST} if another attempt has begun, or this one has ended; {@code work}
     *     was not run then
     * @throws IllegalArgumentException if {@code transaction} is in auto-commit mode
     */
    <T> T fenced(Connection transaction, TransactionWork<T> work) throws SQLException;
}
