package dev.tutti.core.lease;

import java.time.Duration;

/**
 * The settings of leases; the same for all instances.
 *
 * @param ttl for how long a lease lasts that nobody renews: 1 s to an hour. So long nobody has it when its holder was killed
 */
public record LeaseSettings(Duration ttl) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int RENEWALS = 5;
    private static final int SHARE_OF_MARGIN = 10;

    /** 5 seconds. */
    public static final LeaseSettings DEFAULT = new LeaseSettings(Duration.ofSeconds(5)); // checked by what is above

    public LeaseSettings {
        if (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "time to live of leases is " + ttl + "; allowed are " + SHORTEST + " to " + LONGEST);
        }
    }

    /** How often leases are renewed, if nothing goes wrong. */
    Duration renewal() {
        return ttl.dividedBy(RENEWALS);
    }

    /** For how long a holder trusts a lease, counted from before it asked: a tenth less than it lasts, as clocks differ in rate. */
    Duration trust() {
        return ttl.minus(ttl.dividedBy(SHARE_OF_MARGIN));
    }
}
