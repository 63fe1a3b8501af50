package dev.tutti.memory;

import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Leases of instances that live in one process. Leases that nobody has had for long are forgotten when others are given back.
 * Safe for use by many threads.
 */
public final class MemoryLeaseStore implements LeaseStore {
    private record Row(long token, UUID holder, Instant expires, boolean released) {
        boolean isHeld(Instant now) {
            return !released && expires.isAfter(now);
        }
    }

    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<String, Row> rows = new HashMap<>();
    private long forgotten; // guarded by this: the largest token of a row that was removed
    private Instant swept = Instant.MIN; // guarded by this

    /** One that has no leases yet, by {@code clock}. */
    public MemoryLeaseStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized List<LeaseState> acquire(Collection<LeaseClaim> claims, Duration ttl) {
        return claims.stream().map(claim -> acquire(claim, ttl)).toList();
    }

    private LeaseState acquire(LeaseClaim claim, Duration ttl) {
        Instant now = clock.instant();
        Instant until = now.plus(ttl);
        @Nullable Row row = rows.get(claim.name());
        if (row == null) {
            boolean later = claim.freeFor().isPositive();
            long token = Math.max(forgotten + 1, micros(now));
            rows.put(claim.name(), new Row(token, claim.claimant(), later ? now : until, later));
        } else if (isFree(row, claim.freeFor(), now)) {
            long token = Math.max(row.token() + 1, micros(now));
            rows.put(claim.name(), new Row(token, claim.claimant(), until, false));
        } else if (row.expires().isAfter(until)) { // the clock was set back
            rows.put(claim.name(), new Row(row.token(), row.holder(), row.released() ? now : until, row.released()));
        } else if (row.isHeld(now) && row.holder().equals(claim.claimant())) {
            rows.put(claim.name(), new Row(row.token(), row.holder(), until, false));
        }
        return find(claim.name()).orElseThrow();
    }

    private static boolean isFree(Row row, Duration since, Instant now) {
        return !row.expires().isAfter(now.minus(since)) || (row.released() && since.isZero());
    }

    private static long micros(Instant now) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, now);
    }

    @Override
    public synchronized Set<LeaseGrant> renew(Collection<LeaseGrant> grants, Duration ttl) {
        Instant until = clock.instant().plus(ttl);
        return grants.stream().filter(grant -> replace(grant, until, false)).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public synchronized void release(Collection<LeaseGrant> grants) {
        Instant now = clock.instant();
        grants.forEach(grant -> replace(grant, now, true));
        if (swept.isAfter(now) || !swept.isAfter(now.minus(SWEEP_EVERY))) {
            swept = now;
            Instant oldest = now.minus(FORGOTTEN_AFTER);
            rows.values().removeIf(row -> isForgotten(row, oldest));
        }
    }

    private boolean isForgotten(Row row, Instant oldest) {
        boolean old = row.expires().isBefore(oldest) && row.token() < micros(oldest);
        if (old) {
            forgotten = Math.max(forgotten, row.token());
        }
        return old;
    }

    private boolean replace(LeaseGrant grant, Instant expires, boolean released) {
        @Nullable Row row = rows.get(grant.name());
        if (row == null || row.token() != grant.token() || row.released()) {
            return false;
        }
        rows.put(grant.name(), new Row(row.token(), row.holder(), expires, released));
        return true;
    }

    @Override
    public synchronized Optional<LeaseState> find(String name) {
        return Optional.ofNullable(rows.get(name))
                .map(row -> new LeaseState(new LeaseGrant(name, row.token()), row.holder(), left(row)));
    }

    private Duration left(Row row) {
        Instant now = clock.instant();
        return row.isHeld(now) ? Duration.between(now, row.expires()) : Duration.ZERO;
    }
}
