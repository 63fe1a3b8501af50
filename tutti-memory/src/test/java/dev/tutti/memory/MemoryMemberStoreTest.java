package dev.tutti.memory;

import dev.tutti.member.MemberStore;
import dev.tutti.tck.MemberStoreContract;
import dev.tutti.testkit.fixture.MovedClock;
import java.time.Duration;

class MemoryMemberStoreTest implements MemberStoreContract {
    private final MovedClock clock = new MovedClock();
    private final MemoryMemberStore store = new MemoryMemberStore(clock);

    @Override
    public MemberStore members() {
        return store;
    }

    @Override
    public void pass(Duration time) {
        clock.pass(time);
    }
}
