package dev.tutti.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A store that lets somebody's own transaction take effect only while a lease is theirs. */
public interface TransactionalLeaseStore extends LeaseStore {
    /**
     * Whether nobody was given the lease since, and it is not forgotten. If so, nobody is until the transaction that is open on {@code transaction} has
     * ended; the database ends it when it is idle for longer than {@code pause}, as one of a process that stands still is.
     *
     * @param pause at least a millisecond
     */
    boolean fence(Connection transaction, LeaseGrant grant, Duration pause) throws SQLException;
}
