package dev.tutti.memory;

import dev.tutti.recovery.RecoveryStore;
import dev.tutti.tck.RecoveryStoreContract;
import dev.tutti.testkit.fixture.MovedClock;
import java.time.Duration;

class MemoryRecoveryStoreTest implements RecoveryStoreContract {
    private final MovedClock clock = new MovedClock();
    private final MemoryRecoveryStore store = new MemoryRecoveryStore(clock);

    @Override
    public RecoveryStore recovery() {
        return store;
    }

    @Override
    public void pass(Duration time) {
        clock.pass(time);
    }
}
