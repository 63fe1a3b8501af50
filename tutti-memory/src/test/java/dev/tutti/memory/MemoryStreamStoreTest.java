package dev.tutti.memory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.TuttiException;
import dev.tutti.stream.DeletingStreamStore;
import dev.tutti.stream.ListingStreamStore;
import dev.tutti.stream.Position;
import dev.tutti.stream.RetainingStreamStore;
import dev.tutti.stream.StreamStore;
import dev.tutti.tck.DeletingStreamStoreContract;
import dev.tutti.tck.ListingStreamStoreContract;
import dev.tutti.tck.RetainingStreamStoreContract;
import dev.tutti.tck.StreamStoreContract;
import dev.tutti.testkit.fixture.MovedClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryStreamStoreTest
        implements StreamStoreContract,
                RetainingStreamStoreContract,
                ListingStreamStoreContract,
                DeletingStreamStoreContract {
    private final MovedClock clock = new MovedClock();
    private final MemoryStreamStore store = new MemoryStreamStore(POLICY, clock);

    @Override
    public StreamStore store() {
        return store;
    }

    @Override
    public RetainingStreamStore retaining() {
        return store;
    }

    @Override
    public ListingStreamStore listing() {
        return store;
    }

    @Override
    public DeletingStreamStore deleting() {
        return store;
    }

    @Override
    public void pass(Duration time) {
        clock.pass(time);
    }

    @Test
    void aPositionOfAnotherStoreIsRefused() {
        Position other = new MemoryStreamStore(POLICY, clock).now();

        assertThatThrownBy(() -> store.changes(other)).isInstanceOf(TuttiException.class);
    }
}
