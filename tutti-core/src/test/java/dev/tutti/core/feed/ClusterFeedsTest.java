package dev.tutti.core.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.core.Tutti;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedSubscription;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.health.Status;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.stream.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Feeds of two instances, durable ones and volatile ones. */
class ClusterFeedsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final FeedKey SCORE = new FeedKey("score:final");
    private static final FeedKey CURSOR = new FeedKey("cursor:ann");

    private final MemoryBackend backend = MemoryBackend.open();
    private final Tutti one = instance(backend);
    private final Tutti two = instance(backend.another());

    private static Tutti instance(MemoryBackend backend) {
        return Tutti.on(backend)
                .secret("a secret of the tests, and of no one else")
                .feeds(new FeedSettings(Set.of("cursor"), 1 << 20))
                .start();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static FeedState state(FeedKey key, long version) {
        return new FeedState(key, version, Optional.of(value(version)));
    }

    private static Json value(long version) {
        return Json.of("{\"n\":" + version + "}");
    }

    private static List<FeedState> subscribed(Tutti instance, FeedKey key, long known) {
        List<FeedState> told = new CopyOnWriteArrayList<>();
        FeedSubscription subscription = instance.feeds().subscribe(key, known, told::add);
        assertThat(subscription.version()).isGreaterThanOrEqualTo(0);
        return told;
    }

    @Test
    void whoeverComesLateIsToldTheLatestAtOnceAtBothInstances() {
        assertThat(one.feeds().publish(SCORE, 1, value(1))).isEqualTo(new FeedUpdate.Accepted());
        assertThat(one.feeds().publish(SCORE, 2, value(2))).isEqualTo(new FeedUpdate.Accepted());

        for (Tutti instance : List.of(one, two)) {
            List<FeedState> told = subscribed(instance, SCORE, 0);
            await().atMost(PATIENCE).until(() -> !told.isEmpty());
            assertThat(told).containsExactly(state(SCORE, 2));
            assertThat(instance.feeds().get(SCORE)).contains(state(SCORE, 2));
        }
    }

    @Test
    void whatIsPublishedAtOneInstanceIsToldOnceAtBoth() {
        List<FeedState> here = subscribed(one, SCORE, 0);
        List<FeedState> there = subscribed(two, SCORE, 0);

        one.feeds().publish(SCORE, 5, value(5));
        await().atMost(PATIENCE).until(() -> !there.isEmpty());
        assertThat(two.feeds().publish(SCORE, 5, value(0))).isEqualTo(new FeedUpdate.Stale(5));
        assertThat(two.feeds().publish(SCORE, 4, value(4))).isEqualTo(new FeedUpdate.Stale(5));
        two.feeds().publish(SCORE, 6, value(6));

        await().atMost(PATIENCE).until(() -> here.size() == 2 && there.size() == 2);
        assertThat(here).containsExactly(state(SCORE, 5), state(SCORE, 6));
        assertThat(there).containsExactly(state(SCORE, 5), state(SCORE, 6));
    }

    @Test
    void aReaderThatIsBehindByAThousandVersionsGetsOne() throws Exception {
        List<FeedState> told = new CopyOnWriteArrayList<>();
        CountDownLatch goOn = new CountDownLatch(1);
        two.feeds().subscribe(SCORE, 0, state -> {
            told.add(state);
            try {
                goOn.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        one.feeds().publish(SCORE, 1, value(1));
        await().atMost(PATIENCE).until(() -> told.size() == 1); // and stands still

        for (long version = 2; version <= 1_001; version++) {
            one.feeds().publish(SCORE, version, value(version));
        }
        List<FeedState> other = subscribed(two, SCORE, 1_000);
        await().atMost(PATIENCE).until(() -> !other.isEmpty());
        goOn.countDown();

        await().atMost(PATIENCE).until(() -> told.size() > 1);
        one.feeds().publish(SCORE, 1_002, value(1_002));
        await().atMost(PATIENCE).until(() -> told.size() > 2);
        assertThat(told).containsExactly(state(SCORE, 1), state(SCORE, 1_001), state(SCORE, 1_002));
    }

    /** Feeds of another backend that cannot be read once, for a reason that nobody has thought of, when {@code fails} is set. */
    private static final class FrailFeeds extends ForwardingFeeds {
        private final AtomicBoolean fails;

        FrailFeeds(MemoryBackend backend, AtomicBoolean fails) {
            super(backend);
            this.fails = fails;
        }

        @Override
        public List<FeedState> newer(Map<FeedKey, Long> known) {
            if (fails.getAndSet(false)) {
                throw new IllegalStateException("a row that nobody can read");
            }
            return super.newer(known);
        }
    }

    @Test
    void whatWasAnnouncedIsReadAgainAfterAnyFailure() {
        AtomicBoolean fails = new AtomicBoolean();
        try (Tutti frail = Tutti.on(new FrailFeeds(backend.another(), fails))
                .secret("a secret of the tests, and of no one else")
                .start()) {
            List<FeedState> told = subscribed(frail, SCORE, 0);
            one.feeds().publish(SCORE, 1, value(1));
            await().atMost(PATIENCE).until(() -> told.contains(state(SCORE, 1)));

            fails.set(true);
            one.feeds().publish(SCORE, 2, value(2));

            await().atMost(PATIENCE).until(() -> told.contains(state(SCORE, 2)));
            assertThat(fails).isFalse();
        }
    }

    /** Feeds of another backend that cannot be read while {@code away} is set. */
    private static final class AbsentFeeds extends ForwardingFeeds {
        private final AtomicBoolean away;

        AbsentFeeds(MemoryBackend backend, AtomicBoolean away) {
            super(backend);
            this.away = away;
        }

        @Override
        public List<FeedState> newer(Map<FeedKey, Long> known) {
            if (away.get()) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "pretended: nobody answers");
            }
            return super.newer(known);
        }
    }

    private static Status health(Tutti instance) {
        return instance.health().report().checks().getOrDefault("feeds", Status.UNAVAILABLE);
    }

    @Test
    void theHealthTellsWhileWhatWasAnnouncedCannotBeRead() {
        AtomicBoolean away = new AtomicBoolean();
        try (Tutti frail = Tutti.on(new AbsentFeeds(backend.another(), away))
                .secret("a secret of the tests, and of no one else")
                .start()) {
            List<FeedState> told = subscribed(frail, SCORE, 0);
            assertThat(health(frail)).isEqualTo(Status.HEALTHY);

            away.set(true);
            one.feeds().publish(SCORE, 1, value(1));

            await().atMost(PATIENCE).until(() -> health(frail) == Status.DEGRADED);
            assertThat(frail.health().report().ready()).isTrue();
            away.set(false);
            await().atMost(PATIENCE).until(() -> health(frail) == Status.HEALTHY);
            await().atMost(PATIENCE).until(() -> told.contains(state(SCORE, 1)));
        }
    }

    /** As a connection does whose outbox is full. */
    @Test
    void aSubscriberThatIsNotReadyIsGivenTheLatestWhenItIsAgain() {
        List<FeedState> told = new CopyOnWriteArrayList<>();
        List<Throwable> defects = new CopyOnWriteArrayList<>();
        AtomicBoolean ready = new AtomicBoolean();
        FeedSubscriber subscriber = new FeedSubscriber() {
            @Override
            public Executor executor() {
                return Runnable::run;
            }

            @Override
            public boolean ready() {
                return ready.get();
            }

            @Override
            public void onState(EncodeOnce<FeedState> state) {
                told.add(state.value());
                if (state.value().version() == 1_001) {
                    throw new AssertionError("pretended: it cannot be given");
                }
            }

            @Override
            public void onDefect(Throwable defect) {
                defects.add(defect);
            }
        };
        try (ConflatedSubscription subscription = one.feeds().subscribe(SCORE, 0, subscriber)) {
            subscription.begin();
            for (long version = 1; version <= 1_000; version++) {
                one.feeds().publish(SCORE, version, value(version));
            }
            assertThat(told).isEmpty();
            ready.set(true);
            subscription.resume();
            subscription.resume();
            assertThat(told).containsExactly(state(SCORE, 1_000));
            assertThat(defects).isEmpty();
            one.feeds().publish(SCORE, 1_001, value(1_001));
            assertThat(defects).singleElement().isInstanceOf(AssertionError.class);
        }
        one.feeds().publish(SCORE, 1_002, value(1_002));
        assertThat(told).as("it has ended").hasSize(2);
    }

    @Test
    void whoHasTheLatestIsToldNothingAndAMadeUpVersionIsNotBelieved() {
        one.feeds().publish(SCORE, 7, value(7));
        List<FeedState> current = subscribed(two, SCORE, 7);
        List<FeedState> ahead = subscribed(two, SCORE, 1_000_000);
        await().atMost(PATIENCE).until(() -> !ahead.isEmpty());

        one.feeds().publish(SCORE, 8, value(8));

        await().atMost(PATIENCE).until(() -> !current.isEmpty() && ahead.size() == 2);
        assertThat(current).containsExactly(state(SCORE, 8));
        assertThat(ahead).containsExactly(state(SCORE, 7), state(SCORE, 8));
    }

    @Test
    void aListenerThatThrowsIsCalledAgainAndOthersAreNotConcerned() {
        List<FeedState> told = new CopyOnWriteArrayList<>();
        one.feeds().subscribe(SCORE, 0, state -> {
            told.add(state);
            throw new AssertionError("of the application");
        });
        List<FeedState> other = subscribed(one, SCORE, 0);

        for (long version = 1; version <= 2; version++) {
            one.feeds().publish(SCORE, version, value(version));
            long count = version;
            await().atMost(PATIENCE).until(() -> told.size() == count && other.size() == count);
        }
    }

    @Test
    void aVolatileFeedGoesOverTheBusAndIsKnownToAnInstanceThatComesLater() {
        List<FeedState> there = subscribed(two, CURSOR, 0);
        assertThat(one.feeds().publish(CURSOR, 3, value(3))).isEqualTo(new FeedUpdate.Accepted());
        await().atMost(PATIENCE).until(() -> !there.isEmpty());
        assertThat(two.feeds().publish(CURSOR, 3, value(0))).isEqualTo(new FeedUpdate.Stale(3));

        try (Tutti late = instance(backend.another())) {
            List<FeedState> told = subscribed(late, CURSOR, 0);
            await().atMost(PATIENCE).until(() -> !told.isEmpty());
            assertThat(told).containsExactly(state(CURSOR, 3));
        }
    }

    @Test
    void volatileFeedsStayWithinTheirMemory() {
        Json large = Json.of("\"" + "x".repeat(100_000) + "\"");
        for (int i = 0; i < 30; i++) {
            one.feeds().publish(FeedKey.of("cursor", "" + i), 1, large);
        }

        assertThat(one.feeds().get(FeedKey.of("cursor", "0"))).as("forgotten").isEmpty();
        assertThat(one.feeds().get(FeedKey.of("cursor", "29"))).isPresent();
    }

    /** Durable feeds whose values find no room here are read for each that comes. */
    @Tag("slow")
    @Test
    void whatHasNoRoomIsReadAgain() {
        Json large = Json.of("\"" + "x".repeat(200_000) + "\"");
        for (int i = 0; i < 20; i++) {
            FeedKey key = FeedKey.of("page", "" + i);
            one.feeds().publish(key, 1, large);
            for (int again = 0; again < 2; again++) {
                List<FeedState> told = subscribed(two, key, 0);
                await().atMost(PATIENCE).until(() -> !told.isEmpty());
                assertThat(told).containsExactly(new FeedState(key, 1, Optional.of(large)));
            }
        }
    }
}
