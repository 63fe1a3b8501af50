package dev.tutti.core.lease;

import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The claims that the store is asked for at once: one of each name, and at all instances in the same order, as they must not wait for each
 * other. A claim for which there is no place now only looks how its lease stands. For use by one thread.
 */
final class ClaimRound implements AutoCloseable {
    private final Map<String, PendingClaim> byName = new TreeMap<>();
    private final Set<PendingClaim> entered = new HashSet<>(); // not granted yet

    /** Takes places for those of {@code claims} that can have one. */
    ClaimRound(Collection<PendingClaim> claims) {
        for (PendingClaim claim : claims) {
            if (byName.putIfAbsent(claim.name(), claim) == null && claim.enter()) {
                entered.add(claim);
            }
        }
    }

    /** Asks {@code store}, if there is anything to ask. Blocks. */
    List<LeaseState> ask(LeaseStore store, Duration ttl) {
        List<LeaseClaim> claims = byName.values().stream()
                .map(claim -> entered.contains(claim) ? claim.claim() : claim.look())
                .toList();
        return claims.isEmpty() ? List.of() : store.acquire(claims, ttl);
    }

    /** The claim that {@code state} answers. */
    @Nullable
    PendingClaim of(LeaseState state) {
        return byName.get(state.grant().name());
    }

    /** Whether {@code state} gives {@code claim} its lease; its place is the caller's business then. */
    boolean isGranted(PendingClaim claim, LeaseState state) {
        return !state.isFree() && state.holder().equals(claim.claimant()) && entered.remove(claim);
    }

    /** Gives back the places of those that were not granted. */
    @Override
    public void close() {
        entered.forEach(PendingClaim::leave);
    }
}
