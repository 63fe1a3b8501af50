package dev.tutti.core.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.stream.Json;
import dev.tutti.testkit.fixture.OutageLines;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the log has of feeds that cannot be read. */
class FeedOutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final FeedState FINAL = new FeedState(new FeedKey("score:final"), 1, Optional.of(Json.of("1")));

    /** Feeds that can be too slow to read. */
    private static final class SlowFeeds extends ForwardingFeeds {
        final AtomicInteger refusals = new AtomicInteger();
        volatile boolean slow;
        volatile @Nullable Thread reader;

        SlowFeeds(MemoryBackend backend) {
            super(backend);
        }

        @Override
        public List<FeedState> newer(Map<FeedKey, Long> known) {
            if (slow) {
                reader = Thread.currentThread();
                refusals.incrementAndGet();
                throw new TuttiException(ErrorCode.TIMEOUT, "too slow for a test");
            }
            return super.newer(known);
        }
    }

    @Test
    void aStoreThatIsTooSlowIsOneLineAndItsEndAnother() {
        SlowFeeds feeds = new SlowFeeds(MemoryBackend.open());
        List<FeedState> told = new CopyOnWriteArrayList<>();
        try (OutageLines lines = new OutageLines();
                Tutti instance = Tutti.on(feeds)
                        .secret("a secret of the tests, and of no one else")
                        .start()) {
            var _ = instance.feeds().subscribe(FINAL.key(), 0, told::add);
            feeds.slow = true;
            assertThat(feeds.put(FINAL, "another instance")).isEqualTo(new FeedUpdate.Accepted());
            await().atMost(PATIENCE).until(() -> feeds.refusals.get() > 2);
            feeds.slow = false;
            await().atMost(PATIENCE).until(() -> lines.of(feeds.reader).size() > 1);

            assertThat(lines.of(feeds.reader))
                    .containsExactly(
                            "WARNING The store of feeds is away; subscribers are told when it is back: too slow for a"
                                    + " test",
                            "INFO The store of feeds is back; what was published meanwhile has been read");
            await().atMost(PATIENCE).until(() -> told.contains(FINAL));
        }
    }
}
