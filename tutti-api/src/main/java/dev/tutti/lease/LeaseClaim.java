package dev.tutti.lease;

import java.time.Duration;
import java.util.UUID;

/**
 * A request for a lease.
 *
 * @param name which one, 1 to {@value LeaseStore#MAX_NAME} characters
 * @param claimant whose request it is: random, and another one for each lease that is wanted, so that whoever has lost a lease
 *     never gets it back under its old token
 * @param freeFor how long nobody must have had it: a head start for those who shall rather have it, zero for those
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

    /** One for a lease that is free now. */
    public LeaseClaim(String name, UUID claimant) {
        this(name, claimant, Duration.ZERO);
    }
}
