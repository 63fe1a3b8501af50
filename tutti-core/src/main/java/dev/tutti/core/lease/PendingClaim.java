package dev.tutti.core.lease;

import dev.tutti.lease.Lease;
import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseStore;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * A claim to a lease that is not granted yet. It is granted only with one of its places, which it takes for as long as the store is
 * asked, and keeps when it is granted. Used by the thread that asks for leases, but for its future, and for callers that say that
 * the lease is free.
 */
final class PendingClaim {
    /** How often a lease is asked for at least, no matter which instance has it. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** How often it is asked for at most: its holder may be in a transaction. */
    static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private static final Duration NEVER = Duration.ofDays(36_500); // nothing has been free for so long

    private final LeaseClaim claim; // but for the time for which it must have been free
    private final Supplier<Duration> freeFor;
    private final Semaphore places;
    private final CompletableFuture<Lease> granted = new CompletableFuture<>();
    private long due; // of the ticker; guarded by this

    /**
     * Of the lease {@code name}, which must have been free for what {@code freeFor} says each time the store is asked.
     *
     * @throws IllegalArgumentException if there can be no such lease, the time is negative, or the lease is forgotten before
     */
    PendingClaim(String name, Supplier<Duration> freeFor, Semaphore places, long due) {
        this.claim = new LeaseClaim(name, UUID.randomUUID(), freeFor.get());
        if (claim.freeFor().compareTo(LeaseStore.FORGOTTEN_AFTER) >= 0) {
            throw new IllegalArgumentException("lease '" + name + "' is to be free for " + claim.freeFor()
                    + " before it is taken; allowed are less than " + LeaseStore.FORGOTTEN_AFTER);
        }
        this.freeFor = freeFor;
        this.places = places;
        this.due = due;
    }

    String name() {
        return claim.name();
    }

    UUID claimant() {
        return claim.claimant();
    }

    /** The claim that the store is asked for now. */
    LeaseClaim claim() {
        return new LeaseClaim(name(), claimant(), freeFor.get());
    }

    /** The same, which is granted to nobody: the answer says how the lease stands. */
    LeaseClaim look() {
        return new LeaseClaim(name(), UUID.randomUUID(), NEVER); // nobody, whose lease it cannot prolong
    }

    /** Takes a place; false if there is none now. {@link #grant} or {@link #leave} follows. */
    boolean enter() {
        return places.tryAcquire();
    }

    /** Gives the place back. */
    void leave() {
        places.release();
    }

    /**
     * Gives {@code lease} to the caller that waits for it, with the place; false if it does not wait any more: then the place is
     * given back.
     */
    boolean grant(Lease lease) {
        boolean taken = granted.complete(lease);
        if (!taken) {
            leave();
        }
        return taken;
    }

    /** The lease, or cancelled. */
    CompletableFuture<Lease> granted() {
        return granted;
    }

    /** When to ask for it again. */
    synchronized long due() {
        return due;
    }

    /** Somebody says at {@code moment} that it is free. */
    synchronized void freed(long moment) {
        due = moment;
    }

    /** The store is asked at {@code moment}; should it not answer, it is asked again. */
    synchronized void asked(long moment) {
        due = moment + LONGEST_PAUSE.toNanos();
    }

    /** It was somebody else's for as long as {@code left} when it was asked for, unless somebody has said since that it is free. */
    synchronized void taken(long asked, Duration left) {
        if (due == asked + LONGEST_PAUSE.toNanos()) {
            Duration pause = left.compareTo(LONGEST_PAUSE) < 0 ? left : LONGEST_PAUSE;
            due = asked + (pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause).toNanos();
        }
    }
}
