package dev.tutti.core.cache;

import static dev.tutti.core.cache.CacheCluster.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.Loaded;
import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBackend;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The caches of whole instances. */
class TuttiCachesTest {
    /** A value. */
    record Score(int home, int away) {}

    private static Tutti instance(MemoryBackend backend) {
        return Tutti.on(backend)
                .secret("a secret of the tests, and of no one else")
                .start();
    }

    private static Cache<Score> scores(Tutti instance) {
        return instance.caches().cache("scores", CacheSettings.DEFAULT, Score.class);
    }

    @Test
    void nothingIsLookedAfterBeforeThereIsACache() {
        try (Tutti instance = instance(MemoryBackend.open())) {
            ClusterCaches caches = (ClusterCaches) instance.caches();
            assertThat(caches.isWatching()).isFalse();
            scores(instance);
            assertThat(caches.isWatching()).isTrue();
        }
    }

    @Test
    void instancesTellEachOtherWhatIsOldAndCachesEndWithTheirInstance() throws Exception {
        MemoryBackend backend = MemoryBackend.open();
        try (Tutti ann = instance(backend)) {
            Cache<Score> hers = scores(ann);
            Cache<Score> his;
            try (Tutti bob = instance(backend.another())) {
                his = scores(bob);
                assertThat(hers.get("final", _ -> Loaded.of(new Score(1, 0)))).contains(new Score(1, 0));
                assertThat(hers.getIfPresent("final")).contains(new Score(1, 0));
                his.put("final", new Score(2, 1));
                await().atMost(LONG).until(() -> hers.getIfPresent("final").isEmpty());
            }
            assertThatThrownBy(() -> his.get("final", _ -> Loaded.none())).hasMessageContaining("leaving");
        }
    }

    @Test
    void aWorkerHasTheCachesUntilItHasEndedWithItsInstance() throws Exception {
        CompletableFuture<Optional<Score>> last = new CompletableFuture<>();
        CountDownLatch running = new CountDownLatch(1);
        try (Tutti instance = instance(MemoryBackend.open())) {
            Cache<Score> scores = scores(instance);
            instance.workers().singleton("scores", context -> {
                running.countDown();
                while (context.pause(LONG)) {
                    context.lease().check();
                }
                last.complete(scores.get("final", _ -> Loaded.of(new Score(3, 2))));
            });
            assertThat(running.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        assertThat(last).isCompletedWithValue(Optional.of(new Score(3, 2)));
    }
}
