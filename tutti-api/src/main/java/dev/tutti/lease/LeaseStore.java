package dev.tutti.lease;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stores leases, by one clock for all instances. A lease is granted to one claimant at a time, with a token that is larger than all earlier
 * tokens of this lease. This also holds after the store was restored from a backup, or after its clock was set back, but not after both.
 * Safe for use by many threads; blocks.
 *
 * <p>Failures are {@link dev.tutti.TuttiException}s with {@link dev.tutti.ErrorCode#UNAVAILABLE}. The request may have been executed then,
 * and can be repeated.
 */
public interface LeaseStore {
    /** The longest name of a lease, in characters. */
    int MAX_NAME = 200;

    /**
     * A lease that was free for so long may be forgotten, as if nobody ever held it. Later tokens of this lease are larger all the same.
     */
    Duration FORGOTTEN_AFTER = Duration.ofDays(7);

    /**
     * Grants each claimant its lease for {@code ttl}, if the lease has been free for as long as the claim demands. A claimant that holds
     * the lease already keeps it with the same token, and holds it for {@code ttl} from now on. If the clock was set back, every holder
     * holds its lease for at most {@code ttl} from now on.
     *
     * @param claims each for a different lease
     * @param ttl the same at all instances
     * @return the state of each lease now. A claimant has its lease if it is the holder, and the lease is not free
     */
    List<LeaseState> acquire(Collection<LeaseClaim> claims, Duration ttl);

    /**
     * Renews leases: from now on they last {@code ttl}. An expired lease is renewed as well, unless it was granted to another claimant.
     *
     * @return the leases that were renewed; the others belong to other claimants, or were released or forgotten
     */
    Set<LeaseGrant> renew(Collection<LeaseGrant> grants, Duration ttl);

    /** Releases leases. Leases that belong to other claimants by now do not change. */
    void release(Collection<LeaseGrant> grants);

    /** The current or the last holder of a lease; empty if nobody ever held it, or it is forgotten. */
    Optional<LeaseState> find(String name);
}
