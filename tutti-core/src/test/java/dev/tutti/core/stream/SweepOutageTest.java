package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.bus.NoBus;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import dev.tutti.testkit.fixture.OutageLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the log has of a store that does not say what changed. */
class SweepOutageTest {
    private static final StreamSettings QUICK =
            new StreamSettings(2, 4, 5, Duration.ofMillis(20), Duration.ofMinutes(1));

    /** A store that can be too slow. Nobody but the sweep asks it, as there are no subscribers. */
    private static final class SlowStore extends ForwardingStreamStore {
        final AtomicInteger answers = new AtomicInteger();
        final AtomicInteger refusals = new AtomicInteger();
        volatile boolean slow;
        volatile @Nullable Thread sweep;
        private final StreamStore memory = new MemoryStreamStore(
                new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());

        @Override
        protected StreamStore behind() {
            sweep = Thread.currentThread();
            if (slow) {
                refusals.incrementAndGet();
                throw new TuttiException(ErrorCode.TIMEOUT, "too slow for a test");
            }
            answers.incrementAndGet();
            return memory;
        }
    }

    @Test
    void aStoreThatIsTooSlowIsOneLineAndItsEndAnother() {
        SlowStore store = new SlowStore();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (OutageLines lines = new OutageLines();
                SharedBus bus = new SharedBus(new NoBus(), () -> true, Optional.empty(), meters);
                Streams streams = new Streams(store, QUICK, meters, bus)) {
            await().until(() -> store.answers.get() > 0);
            store.slow = true;
            await().until(() -> store.refusals.get() > 3);
            store.slow = false;
            await().until(() -> lines.of(store.sweep).size() > 1);

            assertThat(lines.of(store.sweep))
                    .containsExactly(
                            "WARNING The store cannot say what changed; deliveries go on when it can: too slow for a"
                                    + " test",
                            "INFO The store is back; what was missed meanwhile has been looked up");
            assertThat(streams.token()).isNotEmpty();
        }
    }
}
