package dev.tutti.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A store that lets a caller's transaction take effect only while the caller's lease is valid. */
public interface TransactionalLeaseStore extends LeaseStore {
    /**
     * Whether the lease was not granted to another claimant since, and is not forgotten. If so, it is granted to nobody until the
     * transaction that is open on {@code transaction} has ended. The database ends this transaction if it is idle for longer than {@code
     * pause}, for example because its process is frozen.
     *
     * @param pause at least a millisecond
     */
    boolean fence(Connection transaction, LeaseGrant grant, Duration pause) throws SQLException;
}
