package dev.tutti.lease;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps leases, by one clock for all instances. A lease is given to one claimant at a time, with a token that is larger than
 * all tokens of that lease before it, also after the store was restored from a backup or its clock was set back, unless both
 * have happened. Safe for use by many threads; blocks.
 *
 * <p>Failures are {@link dev.tutti.TuttiException}s with {@link dev.tutti.ErrorCode#UNAVAILABLE}; what was asked may have been
 * done then, and can be asked again.
 */
public interface LeaseStore {
    /** The longest name of a lease, in characters. */
    int MAX_NAME = 200;

    /**
     * A lease that nobody has had for so long may be forgotten, as if nobody ever had it. Tokens that are given later are larger
     * all the same.
     */
    Duration FORGOTTEN_AFTER = Duration.ofDays(7);

    /**
     * Gives each claimant its lease for {@code ttl} if nobody has it, or has had it for as long as the claim says. A claimant who
     * has it already keeps it, with the same token, and has it for {@code ttl} again. If the clock was set back, whoever has a
     * lease has it for {@code ttl} from now on at most.
     *
     * @param claims each for another lease
     * @param ttl the same for all instances
     * @return how each of them stands now: it is the claimant's if the claimant is its holder, and it is not free
     */
    List<LeaseState> acquire(Collection<LeaseClaim> claims, Duration ttl);

    /**
     * Prolongs leases: from now on they last {@code ttl}. One whose time was over is prolonged as well, unless somebody else
     * was given it.
     *
     * @return those that were prolonged; the others are somebody else's, or were given back or forgotten
     */
    Set<LeaseGrant> renew(Collection<LeaseGrant> grants, Duration ttl);

    /** Gives leases back. Those that are somebody else's by now stay as they are. */
    void release(Collection<LeaseGrant> grants);

    /** The holder of a lease, or the last one; empty if nobody ever had it, or it is forgotten. */
    Optional<LeaseState> find(String name);
}
