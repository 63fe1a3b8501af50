package dev.tutti.lease;

import java.time.Duration;
import java.util.UUID;

/**
 * The holder of a lease, or the last one.
 *
 * @param grant the lease and its latest token
 * @param holder the claimant to whom it was granted
 * @param left the time until it expires, unless it is renewed; zero if it is free
 */
public record LeaseState(LeaseGrant grant, UUID holder, Duration left) {
    /** Whether the lease is free now. */
    public boolean isFree() {
        return left.isZero();
    }
}
