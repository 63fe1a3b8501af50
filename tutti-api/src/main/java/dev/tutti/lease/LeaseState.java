package dev.tutti.lease;

import java.time.Duration;
import java.util.UUID;

/**
 * The holder of a lease, or the last one.
 *
 * @param grant the lease and its latest token
 * @param holder the claimant who was given it
 * @param left for how long it is still the holder's, unless it is renewed; zero if it is free
 */
public record LeaseState(LeaseGrant grant, UUID holder, Duration left) {
    /** Whether anybody may have it now. */
    public boolean isFree() {
        return left.isZero();
    }
}
