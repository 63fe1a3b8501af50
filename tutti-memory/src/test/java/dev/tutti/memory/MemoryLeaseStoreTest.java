package dev.tutti.memory;

import dev.tutti.lease.LeaseStore;
import dev.tutti.tck.LeaseStoreContract;
import dev.tutti.testkit.fixture.MovedClock;
import java.time.Duration;

class MemoryLeaseStoreTest implements LeaseStoreContract {
    private final MovedClock clock = new MovedClock();
    private final MemoryLeaseStore store = new MemoryLeaseStore(clock);

    @Override
    public LeaseStore leases() {
        return store;
    }

    @Override
    public void pass(Duration time) {
        clock.pass(time);
    }
}
