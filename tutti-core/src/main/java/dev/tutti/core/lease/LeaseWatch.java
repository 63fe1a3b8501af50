package dev.tutti.core.lease;

import dev.tutti.concurrent.Failures;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A watch on one lease: tells when its holder changes. Used by the thread that asks for leases. */
final class LeaseWatch {
    private final String name;
    private final Consumer<LeaseState> watcher;
    private @Nullable LeaseState told;

    LeaseWatch(String name, Consumer<LeaseState> watcher) {
        this.name = name;
        this.watcher = watcher;
    }

    boolean isOf(String lease) {
        return name.equals(lease);
    }

    /** Looks, and tells what is new. */
    void look(LeaseStore store) {
        Optional<LeaseState> found = store.find(name);
        if (found.isPresent() && isNew(found.get())) {
            told = found.get();
            Failures.guard("A watcher of a lease", () -> watcher.accept(found.get()));
        }
    }

    private boolean isNew(LeaseState state) {
        return told == null || !told.grant().equals(state.grant()) || told.isFree() != state.isFree();
    }
}
