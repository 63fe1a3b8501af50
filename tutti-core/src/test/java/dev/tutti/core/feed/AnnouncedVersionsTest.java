package dev.tutti.core.feed;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ListenerRegistration;
import dev.tutti.core.Tutti;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedSubscription;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.stream.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Versions that somebody notifies of and nobody has published: anybody who may connect to the database can do that. */
class AnnouncedVersionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final FeedKey DURABLE = new FeedKey("score:final");
    private static final FeedKey VOLATILE = new FeedKey("price:eur-usd");
    private static final List<FeedKey> KEYS = List.of(DURABLE, VOLATILE);

    private final MemoryBackend backend = MemoryBackend.open();
    private final Notified feeds = new Notified(backend);
    private final Tutti instance = start(feeds);

    private static Tutti start(Notified backend) {
        return Tutti.on(backend)
                .secret("a secret of the tests, and of no one else")
                .feeds(new FeedSettings(Set.of("price"), 1 << 20))
                .start();
    }

    @AfterEach
    void close() {
        instance.close();
    }

    /** Feeds of another backend, of which anybody may say something. */
    private static final class Notified extends ForwardingFeeds {
        private volatile @Nullable Listener listener;

        Notified(MemoryBackend backend) {
            super(backend);
        }

        @Override
        public ListenerRegistration listen(Listener heard) {
            listener = heard;
            return super.listen(heard);
        }

        void say(FeedKey key, long version) {
            requireNonNull(listener).announced("{\"key\":\"" + key + "\",\"version\":" + version + "}");
        }
    }

    private static FeedState state(FeedKey key, long version) {
        return new FeedState(key, version, Optional.of(Json.of("" + version)));
    }

    private static FeedState alone(FeedKey key, long version) {
        return new FeedState(key, version, Optional.empty());
    }

    private FeedUpdate publish(FeedKey key, long version) {
        return instance.feeds().publish(key, version, Json.of("" + version));
    }

    private static List<FeedState> subscribed(Tutti to, FeedKey key, long known) {
        List<FeedState> told = new CopyOnWriteArrayList<>();
        FeedSubscription subscription = to.feeds().subscribe(key, known, told::add);
        assertThat(subscription.version()).isGreaterThanOrEqualTo(0);
        return told;
    }

    private static void toldOf(List<FeedState> told, FeedState... states) {
        await().atMost(PATIENCE).until(() -> told.size() >= states.length);
        assertThat(told).containsExactly(states);
    }

    @Test
    void aVersionThatIsOnlySaidIsToldAndThenWhatIsPublishedHoweverSmall() {
        for (FeedKey key : KEYS) {
            List<FeedState> told = subscribed(instance, key, 0);
            feeds.say(key, FeedState.MAX_VERSION);
            toldOf(told, alone(key, FeedState.MAX_VERSION));
            assertThat(instance.feeds().get(key)).as("it is held nowhere").isEmpty();

            assertThat(publish(key, 1)).isEqualTo(new FeedUpdate.Accepted());
            toldOf(told, alone(key, FeedState.MAX_VERSION), state(key, 1));
            publish(key, 2);

            toldOf(told, alone(key, FeedState.MAX_VERSION), state(key, 1), state(key, 2));
            toldOf(subscribed(instance, key, FeedState.MAX_VERSION), state(key, 2));
        }
    }

    @Test
    void whatIsOnlySaidTakesNothingFromWhatWasPublished() {
        for (FeedKey key : KEYS) {
            publish(key, 5);
            List<FeedState> told = subscribed(instance, key, 0);
            toldOf(told, state(key, 5));

            feeds.say(key, FeedState.MAX_VERSION);

            assertThat(instance.feeds().get(key)).contains(state(key, 5));
            toldOf(subscribed(instance, key, 0), state(key, 5));
            assertThat(publish(key, 6)).isEqualTo(new FeedUpdate.Accepted());
            toldOf(told, state(key, 5), state(key, 6));
        }
    }

    /** Or the largest version would be the last. */
    @Test
    void theLastThatIsSaidCountsWhicheverVersionItIs() {
        for (FeedKey key : KEYS) {
            List<FeedState> told = subscribed(instance, key, 0);
            feeds.say(key, FeedState.MAX_VERSION);
            toldOf(told, alone(key, FeedState.MAX_VERSION));
            feeds.say(key, 18);
            toldOf(told, alone(key, FeedState.MAX_VERSION), alone(key, 18));
            feeds.say(key, 18);
            feeds.say(key, 19);

            toldOf(told, alone(key, FeedState.MAX_VERSION), alone(key, 18), alone(key, 19));
            toldOf(subscribed(instance, key, 0), alone(key, 19));
            List<FeedState> has = subscribed(instance, key, 19);
            feeds.say(key, 20);
            toldOf(has, alone(key, 20));
        }
    }

    @Test
    void whatIsOnlySaidIsNotHandedToOtherInstances() {
        List<FeedState> told = subscribed(instance, VOLATILE, 0);
        feeds.say(VOLATILE, FeedState.MAX_VERSION);
        toldOf(told, alone(VOLATILE, FeedState.MAX_VERSION));
        FeedKey other = new FeedKey("price:other");
        publish(other, 1);

        try (Tutti late = start(new Notified(backend.another()))) {
            // it has asked, and has been answered
            await().atMost(PATIENCE).until(() -> late.feeds().get(other).isPresent());
            assertThat(late.feeds().get(VOLATILE)).isEmpty();
            List<FeedState> there = subscribed(late, VOLATILE, 0);
            assertThat(late.feeds().publish(VOLATILE, 1, Json.of("1"))).isEqualTo(new FeedUpdate.Accepted());
            toldOf(there, state(VOLATILE, 1));
            toldOf(told, alone(VOLATILE, FeedState.MAX_VERSION), state(VOLATILE, 1));
        }
    }

    /** As after each reconnect to the database, in which volatile feeds are not. */
    @Test
    void aLookAtTheStoreTakesNothingFromAVolatileFeed() {
        FeedRecorder recorder = new FeedRecorder(Runnable::run);
        FeedChannels channels = new FeedChannels(1 << 20, new FeedMetrics(new SimpleMeterRegistry()));
        FeedChannels.Joined joined = channels.join(VOLATILE, recorder);
        FeedChannel channel = joined.channel();
        channel.held(state(VOLATILE, 7));
        joined.subscription().found(Optional.of(state(VOLATILE, 7)), Optional.empty(), 0);

        channels.missed();
        assertThat(channel.asks()).isZero();
        channel.answered();
        joined.subscription().begin();
        channel.said(FeedState.MAX_VERSION);

        assertThat(recorder.told).containsExactly(state(VOLATILE, 7));
    }

    @Test
    void asManyAsAreSaidNothingIsForgottenForThem() {
        publish(VOLATILE, 1);
        for (int i = 0; i < VolatileStates.MAX_KEYS + 1; i++) {
            feeds.say(FeedKey.of("price", "" + i), 1);
        }

        assertThat(instance.feeds().get(VOLATILE)).contains(state(VOLATILE, 1));
    }
}
