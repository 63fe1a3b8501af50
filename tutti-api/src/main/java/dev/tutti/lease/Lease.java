package dev.tutti.lease;

import dev.tutti.TransactionWork;
import dev.tutti.TuttiException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A lease that this process holds. It is renewed until it is closed. As long as the clocks of the processes and of the store run at about
 * the same rate, no two processes count as its holder at the same time. But a process that was stopped for a while, or whose store's
 * clock jumps, learns too late that another process holds the lease. So protect important effects with the {@link #token}: whatever is
 * changed must refuse older tokens. For tables {@link #fenced} does this.
 *
 * <p>Safe for use by many threads.
 */
public interface Lease extends AutoCloseable {
    /** The name of the lease. */
    String name();

    /** The fencing token. It is larger than the tokens of all earlier holders of this lease. */
    long token();

    /** The time for which this process certainly holds the lease if it is not renewed; zero if the lease is lost. Never blocks. */
    Duration left();

    /** Whether this process holds the lease now. Ask before each step that has an effect. Never blocks. */
    boolean isHeld();

    /**
     * Does nothing if this process holds the lease now. Never blocks.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST} if it does not hold the lease
     */
    void check();

    /**
     * Runs {@code work} within the transaction that is open on {@code transaction}, if no other holder has been given the lease since. The
     * lease cannot be given to another holder before the transaction ends, so keep the transaction short. Blocks.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#LEASE_LOST} if another holder was given the lease; {@code work} was not run
     *     then; with {@link dev.tutti.ErrorCode#UNSUPPORTED} if leases are not stored in a database
     * @throws IllegalArgumentException if {@code transaction} is in auto-commit mode
     */
    <T> T fenced(Connection transaction, TransactionWork<T> work) throws SQLException;

    /**
     * Runs {@code task} once when the lease is lost, or at once if it is lost already. Closing the lease does not run the task. It runs on
     * the thread that watches all leases, and must return quickly.
     */
    void onLost(Runnable task);

    /** Releases the lease, so that another process can acquire it at once. Idempotent. Blocks. */
    @Override
    void close();
}
