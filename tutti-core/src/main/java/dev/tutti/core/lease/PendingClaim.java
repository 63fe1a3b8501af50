package dev.tutti.core.lease;

import dev.tutti.lease.Lease;
import dev.tutti.lease.LeaseClaim;
import java.util.concurrent.CompletableFuture;

/** A claim to a lease that is not granted yet. Used by the thread that asks for leases, but for its future. */
final class PendingClaim {
    private final LeaseClaim claim;
    private final CompletableFuture<Lease> granted = new CompletableFuture<>();
    private volatile long due; // of the ticker

    PendingClaim(LeaseClaim claim, long due) {
        this.claim = claim;
        this.due = due;
    }

    LeaseClaim claim() {
        return claim;
    }

    /** The lease, or cancelled. */
    CompletableFuture<Lease> granted() {
        return granted;
    }

    /** When to ask for it again. */
    long due() {
        return due;
    }

    void due(long moment) {
        due = moment;
    }
}
