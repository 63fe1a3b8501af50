package dev.tutti.core.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.core.Tutti;
import dev.tutti.core.fixture.TaskQueue;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.stream.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** States on their way to subscribers that share an executor. The feed is volatile, so that the thread that publishes tells of it. */
class FeedDeliveryTest {
    private static final FeedKey CURSOR = new FeedKey("cursor:ann");

    private final Tutti instance = Tutti.on(MemoryBackend.open())
            .secret("a secret of the tests, and of no one else")
            .feeds(new FeedSettings(Set.of("cursor"), 1 << 20))
            .start();
    private final TaskQueue loop = new TaskQueue();
    private final TaskQueue other = new TaskQueue();
    private final List<EncodedState> encodedStates = new ArrayList<>();
    private final EncodeOnce.Encoding<FeedState, EncodedState> encoding = new EncodeOnce.Encoding<>(this::encode);

    @AfterEach
    void close() {
        instance.close();
    }

    /** What a state was encoded to. */
    private static final class EncodedState implements EncodeOnce.Resource {
        final FeedState state;
        boolean closed;

        EncodedState(FeedState state) {
            this.state = state;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private EncodedState encode(FeedState state) {
        EncodedState encoded = new EncodedState(state);
        encodedStates.add(encoded);
        return encoded;
    }

    /** Notes the states that were open when it was given them. */
    private final class Watcher extends FeedRecorder {
        final List<Throwable> defects = new ArrayList<>();
        boolean ready = true;
        boolean broken;

        Watcher(Executor executor) {
            super(executor);
        }

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public void onState(EncodeOnce<FeedState> state) {
            if (broken) {
                throw new AssertionError("pretended: it cannot be given");
            }
            EncodedState encoded = state.in(encoding);
            if (!encoded.closed) {
                told.add(encoded.state);
            }
        }

        @Override
        public void onDefect(Throwable defect) {
            defects.add(defect);
            throw new IllegalStateException("and even telling it fails");
        }
    }

    private Watcher join(TaskQueue executor) {
        Watcher watcher = new Watcher(executor);
        instance.feeds().subscribe(CURSOR, 0, watcher).begin();
        return watcher;
    }

    private static FeedState state(long version) {
        return new FeedState(CURSOR, version, Optional.of(Json.of("" + version)));
    }

    private void publish(long version) {
        assertThat(instance.feeds().publish(CURSOR, version, Json.of("" + version)))
                .isEqualTo(new FeedUpdate.Accepted());
    }

    private void run() {
        loop.run();
        other.run();
    }

    @Test
    void subscribersOfOneExecutorAreToldByOneTaskAndShareWhatIsEncoded() {
        List<Watcher> here = List.of(join(loop), join(loop), join(loop));
        Watcher elsewhere = join(other);

        publish(1);

        assertThat(loop.tasks).hasSize(1);
        assertThat(other.tasks).hasSize(1);
        run();
        assertThat(here).allSatisfy(each -> assertThat(each.told).containsExactly(state(1)));
        assertThat(elsewhere.told).containsExactly(state(1));
        assertThat(encodedStates)
                .hasSize(2)
                .allSatisfy(encoded -> assertThat(encoded.closed).isTrue());
    }

    @Test
    void whenANewerStateComesBeforeTheTaskRunsItAloneIsEncodedAndTold() {
        List<Watcher> here = List.of(join(loop), join(loop), join(loop));

        publish(1);
        publish(2);

        assertThat(loop.tasks).hasSize(1);
        run();
        assertThat(here).allSatisfy(each -> assertThat(each.told).containsExactly(state(2)));
        assertThat(encodedStates).hasSize(1);
    }

    @Test
    void aSubscriberThatThrowsHoldsUpNoNeighbour() {
        List<Watcher> neighbours = new ArrayList<>();
        List<Watcher> broken = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            neighbours.add(join(loop));
            broken.add(join(loop));
        }
        broken.forEach(each -> each.broken = true);

        publish(1);
        run();
        publish(2);
        run();

        assertThat(neighbours).allSatisfy(each -> assertThat(each.told).containsExactly(state(1), state(2)));
        assertThat(broken).allSatisfy(each -> assertThat(each.defects).hasSize(2));
    }

    @Test
    void aSubscriberThatIsNotReadyHoldsUpNoNeighbourAndIsToldTheLatestLater() {
        Watcher slow = new Watcher(loop);
        Watcher neighbour = join(loop);
        try (ConflatedSubscription subscription = instance.feeds().subscribe(CURSOR, 0, slow)) {
            subscription.begin();
            slow.ready = false;
            for (long version = 1; version <= 3; version++) {
                publish(version);
                run();
            }
            assertThat(neighbour.told).containsExactly(state(1), state(2), state(3));
            assertThat(slow.told).isEmpty();

            slow.ready = true;
            subscription.resume();
            run();
            publish(4);
            run();

            assertThat(slow.told).containsExactly(state(3), state(4));
        }
    }

    @Test
    void aSubscriberWhoseExecutorTakesNothingWhenItIsReadyAgainIsToldTheNextState() {
        Watcher slow = new Watcher(loop);
        try (ConflatedSubscription subscription = instance.feeds().subscribe(CURSOR, 0, slow)) {
            subscription.begin();
            slow.ready = false;
            publish(1);
            run();
            slow.ready = true;
            loop.full = true;
            assertThatThrownBy(subscription::resume).isInstanceOf(OutOfMemoryError.class);
            loop.full = false;

            publish(2);
            run();

            assertThat(slow.told).containsExactly(state(2));
        }
    }

    @Test
    void subscribersOfAnExecutorThatTakesNothingAreToldTheNextStateAndOthersMissNone() {
        List<Watcher> here = List.of(join(loop), join(loop));
        Watcher elsewhere = join(other);
        loop.full = true;
        publish(1);
        loop.full = false;
        run();
        assertThat(here).allSatisfy(each -> assertThat(each.told).isEmpty());
        assertThat(elsewhere.told).containsExactly(state(1));

        publish(2);
        run();

        assertThat(here).allSatisfy(each -> assertThat(each.told).containsExactly(state(2)));
        assertThat(elsewhere.told).containsExactly(state(1), state(2));
    }

    @Test
    void aStateIsToldOnceThoughTheExecutorThrewWhenItTookTheTask() {
        Watcher watcher = join(loop);
        loop.takesAndThrows = true;
        publish(1);
        loop.takesAndThrows = false;
        run();
        assertThat(watcher.told).containsExactly(state(1));

        publish(2);
        run();

        assertThat(watcher.told).containsExactly(state(1), state(2));
    }
}
