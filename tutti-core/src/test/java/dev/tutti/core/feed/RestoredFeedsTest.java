package dev.tutti.core.feed;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ListenerRegistration;
import dev.tutti.core.Tutti;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedStore;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.memory.MemoryFeedStore;
import dev.tutti.stream.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Durable feeds whose store goes back. */
class RestoredFeedsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final FeedKey SCORE = new FeedKey("score:final");

    private final Restored feeds = new Restored(MemoryBackend.open());
    private final Tutti instance =
            Tutti.on(feeds).secret("a secret of the tests, and of no one else").start();

    @AfterEach
    void close() {
        instance.close();
    }

    private static FeedState state(FeedKey key, long version) {
        return new FeedState(key, version, Optional.of(value(version)));
    }

    private static Json value(long version) {
        return Json.of("{\"n\":" + version + "}");
    }

    private List<FeedState> subscribed(FeedKey key, long known) {
        List<FeedState> told = new CopyOnWriteArrayList<>();
        var _ = instance.feeds().subscribe(key, known, told::add);
        return told;
    }

    /** Feeds of another backend whose store can be replaced by an older one, as a restore does, or a successor that has not all. */
    private static final class Restored extends ForwardingFeeds {
        private volatile MemoryFeedStore store = new MemoryFeedStore();
        private volatile @Nullable Listener listener;

        Restored(MemoryBackend backend) {
            super(backend);
        }

        @Override
        FeedStore store() {
            return store;
        }

        @Override
        public ListenerRegistration listen(Listener listener) {
            this.listener = listener;
            return store.listen(listener);
        }

        void replace(FeedState... kept) {
            MemoryFeedStore older = new MemoryFeedStore();
            for (FeedState state : kept) {
                older.put(state, "before");
            }
            Listener told = requireNonNull(listener);
            older.listen(told);
            store = older;
            told.gap();
        }
    }

    @Test
    void whenTheStoreHasGoneBackSubscribersAreToldWhatItHasAndWhatComesThen() {
        FeedKey gone = new FeedKey("score:gone");
        FeedKey other = new FeedKey("score:other");
        List<FeedState> told = subscribed(SCORE, 0);
        List<FeedState> toldOfGone = subscribed(gone, 0);
        List<FeedState> toldOfOther = subscribed(other, 0);
        for (FeedKey key : List.of(SCORE, gone, other)) {
            instance.feeds().publish(key, 100, value(100));
        }
        await().atMost(PATIENCE).until(() -> told.size() == 1 && toldOfGone.size() == 1 && toldOfOther.size() == 1);

        feeds.replace(state(SCORE, 50), new FeedState(other, 100, Optional.of(value(0))));
        await().atMost(PATIENCE).until(() -> told.size() == 2 && toldOfOther.size() == 2);
        assertThat(subscribed(SCORE, 50)).isEmpty();
        instance.feeds().publish(SCORE, 51, value(51));
        instance.feeds().publish(gone, 1, value(1));

        await().atMost(PATIENCE).until(() -> told.size() == 3 && toldOfGone.size() == 2);
        assertThat(told).containsExactly(state(SCORE, 100), state(SCORE, 50), state(SCORE, 51));
        assertThat(toldOfGone).containsExactly(state(gone, 100), state(gone, 1));
        assertThat(toldOfOther).containsExactly(state(other, 100), new FeedState(other, 100, Optional.of(value(0))));
    }

    /** The first subscriber is told of the older version, the others are not yet: then its successor is published here. */
    @Test
    void whatIsPublishedWhileSubscribersAreToldThatTheStoreHasGoneBackIsTheLastThatTheyAreTold() {
        AtomicBoolean goesBack = new AtomicBoolean();
        Executor publishing = task -> {
            if (goesBack.getAndSet(false)) {
                instance.feeds().publish(SCORE, 51, value(51));
            }
            task.run();
        };
        List<FeedRecorder> three =
                List.of(new FeedRecorder(publishing), new FeedRecorder(publishing), new FeedRecorder(publishing));
        three.forEach(each -> instance.feeds().subscribe(SCORE, 0, each).begin());
        instance.feeds().publish(SCORE, 100, value(100));
        await().atMost(PATIENCE).until(() -> three.stream().allMatch(each -> each.told.contains(state(SCORE, 100))));

        goesBack.set(true);
        feeds.replace(state(SCORE, 50));

        await().atMost(PATIENCE).until(() -> three.stream().allMatch(each -> each.told.contains(state(SCORE, 51))));
        assertThat(three)
                .allSatisfy(each -> assertThat(each.told).containsExactly(state(SCORE, 100), state(SCORE, 51)));
    }

    @Test
    void whatWasMissedIsToldOnceAndWhatIsTheSameNotAgain() {
        List<FeedState> told = subscribed(SCORE, 0);
        instance.feeds().publish(SCORE, 1, value(1));
        await().atMost(PATIENCE).until(() -> told.size() == 1);
        feeds.replace(state(SCORE, 1));
        feeds.replace(state(SCORE, 2));

        await().atMost(PATIENCE).until(() -> told.contains(state(SCORE, 2)));
        assertThat(told).containsExactly(state(SCORE, 1), state(SCORE, 2));
    }
}
