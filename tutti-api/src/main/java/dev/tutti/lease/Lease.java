package dev.tutti.lease;

import dev.tutti.TransactionWork;
import dev.tutti.TuttiException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A lease that this process has, and renews until it is closed. Two processes never have the same one at a time by their
 * own clocks, as long as these and the store's run at about the same rate; whoever stands still for a while, or whose store's
 * clock jumps, learns late that another one has it. So whatever matters is done with its {@link #token}, by something that
 * refuses older ones: {@link #fenced} for tables.
 *
 * <p>Safe for use by many threads.
 */
public interface Lease extends AutoCloseable {
    /** Which lease it is. */
    String name();

    /** The fencing token: larger than that of everybody who had this lease before. */
    long token();

    /** For how long it is certain to be this process's if it is not renewed; zero if that is over. Never blocks. */
    Duration left();

    /** Whether it is this process's now. Asked before each step that has effect. Never blocks. */
    boolean isHeld();

    /**
     * Nothing, if it is this process's now. Never blocks.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST} if it is not
     */
    void check();

    /**
     * Does {@code work} within the transaction that is open on {@code transaction}, if nobody was given the lease since. Until
     * the transaction ends nobody is, so it should be short. Blocks.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST} if it is somebody else's; nothing was done then; with
     *     {@link dev.tutti.ErrorCode#UNSUPPORTED} if the leases are not kept in a database
     * @throws IllegalArgumentException if {@code transaction} commits by itself
     */
    <T> T fenced(Connection transaction, TransactionWork<T> work) throws SQLException;

    /**
     * Has {@code task} run once when the lease is lost, at once if it is lost already, and not when it is closed. It runs on
     * the thread that watches over all leases and must be brief.
     */
    void onLost(Runnable task);

    /** Gives it back, so that the next one can have it at once. Idempotent. Blocks. */
    @Override
    void close();
}
