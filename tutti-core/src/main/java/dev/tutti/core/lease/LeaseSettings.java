package dev.tutti.core.lease;

import java.time.Duration;

/**
 * The settings of leases, the same at all instances. Immutable.
 *
 * @param ttl the time after which a lease expires unless it is renewed, 1 s to 1 h. When its holder is killed, nobody else gets the lease
 *     for up to this time
 */
public record LeaseSettings(Duration ttl) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int RENEWALS = 5;
    private static final int SHARE_OF_MARGIN = 10;

    /** Leases of 5 seconds. */
    public static final LeaseSettings DEFAULT = new LeaseSettings(Duration.ofSeconds(5)); // after the bounds

    public LeaseSettings {
        if (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "time to live of leases is " + ttl + "; allowed are " + SHORTEST + " to " + LONGEST);
        }
    }

    /** The pause between renewals while the store answers: a fifth of the ttl. */
    Duration renewal() {
        return ttl.dividedBy(RENEWALS);
    }

    /**
     * The time for which a holder relies on a lease, from the beginning of its request. A tenth less than the ttl, because clocks differ in
     * rate.
     */
    Duration trust() {
        return ttl.minus(ttl.dividedBy(SHARE_OF_MARGIN));
    }
}
