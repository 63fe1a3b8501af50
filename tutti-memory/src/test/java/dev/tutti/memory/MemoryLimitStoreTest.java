package dev.tutti.memory;

import dev.tutti.limit.LimitStore;
import dev.tutti.tck.LimitStoreContract;
import dev.tutti.testkit.fixture.MovedClock;
import java.time.Duration;

class MemoryLimitStoreTest implements LimitStoreContract {
    private final MovedClock clock = new MovedClock();
    private final MemoryLimitStore store = new MemoryLimitStore(clock);

    @Override
    public LimitStore limits() {
        return store;
    }

    @Override
    public void pass(String bucket, Duration time) {
        clock.pass(time);
    }
}
