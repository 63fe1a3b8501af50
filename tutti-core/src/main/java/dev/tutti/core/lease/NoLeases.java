package dev.tutti.core.lease;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** No leases: none of the instance's backends keeps any. */
public final class NoLeases implements LeaseStore {
    /** The one. */
    public NoLeases() {}

    @Override
    public List<LeaseState> acquire(Collection<LeaseClaim> claims, Duration ttl) {
        throw none();
    }

    @Override
    public Set<LeaseGrant> renew(Collection<LeaseGrant> grants, Duration ttl) {
        throw none();
    }

    @Override
    public void release(Collection<LeaseGrant> grants) {
        throw none();
    }

    @Override
    public Optional<LeaseState> find(String name) {
        throw none();
    }

    private static TuttiException none() {
        return new TuttiException(ErrorCode.UNSUPPORTED, "none of the instance's backends keeps leases");
    }
}
