package dev.tutti.core.lease;

import dev.tutti.TuttiException;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives leases back to the store: those that are closed at the same time, as at a drain, are given back together. Safe for use by
 * many threads; blocks.
 */
final class LeaseReturns {
    private static final Logger log = LoggerFactory.getLogger(LeaseReturns.class);

    private final LeaseStore store;
    private final int atOnce;
    private final Consumer<String> freed;
    private final Queue<LeaseGrant> waiting = new ConcurrentLinkedQueue<>(); // bounded by the leases that are held
    private final Object turn = new Object();

    /** Gives back {@code atOnce} in one call at most, and tells {@code freed} their names then. */
    LeaseReturns(LeaseStore store, int atOnce, Consumer<String> freed) {
        this.store = store;
        this.atOnce = atOnce;
        this.freed = freed;
    }

    /** Returns when those, and all that came before, are given back. A lease that cannot be given back ends by itself. */
    void add(Collection<LeaseGrant> grants) {
        waiting.addAll(grants);
        synchronized (turn) {
            for (List<LeaseGrant> some = next(); !some.isEmpty(); some = next()) {
                giveBack(some);
            }
        }
    }

    private List<LeaseGrant> next() {
        List<LeaseGrant> grants = new ArrayList<>();
        LeaseGrant grant = waiting.poll();
        while (grant != null) {
            grants.add(grant);
            grant = grants.size() < atOnce ? waiting.poll() : null;
        }
        return grants;
    }

    private void giveBack(List<LeaseGrant> grants) {
        try {
            store.release(grants);
            grants.forEach(grant -> freed.accept(grant.name()));
        } catch (TuttiException failure) {
            log.info("{} leases end by themselves: {}", grants.size(), failure.getMessage());
        }
    }
}
