package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.cluster.bus.NoBus;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.stream.StreamName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscribers whose executor throws in the place of taking a task. The sweep is what each test does of it. */
class UntakenTasksTest {
    private static final StreamName ROOM = StreamName.of("room", "1");
    private static final StreamSettings SELDOM =
            new StreamSettings(2, 4, 5, Duration.ofHours(1), Duration.ofMinutes(1));

    private final GatedStore store = new GatedStore();
    private final LogReader reader = new LogReader(store, 4, 5);
    private final StreamHub hub = new StreamHub(reader, bus(new SimpleMeterRegistry()));
    private final NarrowExecutor narrow = new NarrowExecutor();

    private static SharedBus bus(MeterRegistry meters) {
        return new SharedBus(new NoBus(), () -> true, Optional.empty(), meters);
    }

    /** Takes tasks while there is room. */
    private static final class NarrowExecutor implements Executor {
        final AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);
        private final SerialExecutor behind = new SerialExecutor("narrow");

        @Override
        public void execute(Runnable task) {
            if (room.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                throw new OutOfMemoryError("pretended: no room for a task");
            }
            behind.execute(task);
        }
    }

    @AfterEach
    void close() {
        reader.close();
    }

    private Recorder follow(Executor executor) {
        Recorder recorder = new Recorder(executor, _ -> {});
        FollowSubscription following = new FollowSubscription(hub, reader, () -> Map.of(ROOM, 0L), recorder);
        executor.execute(() -> following.guarded(() -> following.begin(Map.of(ROOM, 0L))));
        await().until(() -> recorder.positions.size() == 1);
        return recorder;
    }

    private void awaitWhatIsPosted() {
        CompletableFuture.runAsync(() -> {}, narrow).join();
    }

    @Test
    void aPositionIsNotToldBeyondAnEventThatAnExecutorDidNotTake() {
        Recorder missing = follow(narrow);
        Recorder other = follow(new SerialExecutor("other"));
        hub.announce(store.add(ROOM, 1));
        await().untilAsserted(() -> assertThat(missing.told).containsExactly(1L));

        narrow.room.set(0);
        hub.announce(store.add(ROOM, 1));
        long round = hub.nextRound();
        hub.known(Map.of(ROOM, 2L));
        narrow.room.set(Integer.MAX_VALUE);
        assertThat(hub.hasPassedOn(Map.of(ROOM, 2L))).as("others need not wait").isTrue();
        hub.position("beyond", round);
        await().untilAsserted(() -> assertThat(other.positions).hasSize(2).contains("beyond"));
        assertThat(other.told).containsExactly(1L, 2L);
        awaitWhatIsPosted();
        assertThat(missing.positions).as("the beginning alone").hasSize(1);

        long next = hub.nextRound();
        hub.known(Map.of());
        hub.position("beyond", next);
        await().untilAsserted(() -> assertThat(missing.told).containsExactly(1L, ErrorCode.INTERNAL));
        awaitWhatIsPosted();
        assertThat(missing.positions).as("the beginning alone").hasSize(1);
    }

    @Test
    void aSubscriptionThatIsNotTakenIsThrownAndLeavesNothing() {
        narrow.room.set(0);
        assertThatThrownBy(() -> hub.add(ROOM, 0, new Recorder(narrow, _ -> {}), null))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(hub.size()).isZero();
    }

    @Test
    void aSubscriptionWhoseBeginningIsNotTakenIsThrownAndLeavesNothing() {
        MeterRegistry meters = new SimpleMeterRegistry();
        Streams streams = new Streams(store, SELDOM, meters, bus(meters));
        try {
            narrow.room.set(1);
            assertThatThrownBy(() -> streams.subscribe(ROOM, 0, new Recorder(narrow, _ -> {})))
                    .isInstanceOf(OutOfMemoryError.class);
            assertThat(meters.get(StreamMetrics.CHANNELS).gauge().value()).isZero();
        } finally {
            streams.close();
        }
    }
}
