package dev.tutti.core.cache;

import static dev.tutti.core.cache.CacheCluster.LONG;
import static dev.tutti.core.cache.CacheCluster.SETTINGS;
import static dev.tutti.core.cache.CacheCluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Cache;
import dev.tutti.core.cache.CacheCluster.Instance;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cache that some instances have declared and others have not, as of another version or role. */
class UndeclaredCachesTest {
    private static final String PRICES = "prices";

    private final CacheCluster cluster = new CacheCluster();
    private final GatedLoader loader = new GatedLoader();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static Cache<String> declare(Instance instance) {
        return instance.caches.cache(PRICES, SETTINGS, String.class);
    }

    /** Neither the coordinator, which has no such cache, nor the one that asks it, which had none then, knows of the invalidation. */
    @Test
    void aLoadFromBeforeAnInvalidationThatItsCoordinatorHasHeardIsNotGivenToThoseWhoAskLater() throws Exception {
        List<Instance> four = cluster.start(4, SETTINGS);
        Instance coordinator = four.get(0);
        String key = cluster.keyOf(coordinator, PRICES);
        CompletableFuture<Optional<String>> loading = CacheCluster.get(declare(four.get(1)), key, loader);
        loader.awaitRuns(1);

        declare(four.get(2)).invalidate(key);
        four.get(2).cache.invalidate(key); // of the other cache: a coordinator that heard it has heard both
        await().atMost(LONG).until(() -> coordinator.count("invalidations") == 1);
        Cache<String> late = declare(four.get(3));
        CompletableFuture<Optional<String>> later = CacheCluster.get(late, key, loader);

        loader.awaitRuns(2);
        loader.end(0, "old");
        loader.end(1, "new");
        assertThat(result(loading)).contains("old");
        assertThat(result(later)).contains("new");
        assertThat(late.getIfPresent(key)).contains("new");
    }
}
