package dev.tutti.lease;

import java.time.Duration;
import java.util.UUID;

/**
 * A request for a lease.
 *
 * @param name the name of the lease, 1 to {@value LeaseStore#MAX_NAME} characters
 * @param claimant the identity of the request. It is random and different for each wanted lease, so a holder that has lost a lease never
 *     gets it back under its old token
 * @param freeFor how long the lease must have been free: a head start for preferred claimants, which use zero
 */
public record LeaseClaim(String name, UUID claimant, Duration freeFor) {
    public LeaseClaim {
        if (name.isEmpty() || name.length() > LeaseStore.MAX_NAME) {
            throw new IllegalArgumentException(
                    "lease '" + name + "'; allowed are 1 to " + LeaseStore.MAX_NAME + " characters");
        }
        if (freeFor.isNegative()) {
            throw new IllegalArgumentException("lease '" + name + "' is to be free for " + freeFor
                    + " before it is taken; allowed are zero and more");
        }
    }

    /** A request for a lease that is free now. */
    public LeaseClaim(String name, UUID claimant) {
        this(name, claimant, Duration.ZERO);
    }
}
