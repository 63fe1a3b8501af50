package dev.tutti.core.cache;

import static dev.tutti.core.cache.CacheCluster.LONG;
import static dev.tutti.core.cache.CacheCluster.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Cache;
import dev.tutti.cache.Loaded;
import dev.tutti.core.cache.CacheCluster.Instance;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Puts in the middle of which something else happens to the same key. */
class OverlappingPutsTest {
    private final CacheCluster cluster = new CacheCluster().sharing();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static void meanwhile(Instance instance, Runnable task) {
        instance.sharedStore.orElseThrow().meanwhile(task);
    }

    static List<Consumer<Cache<String>>> changes() {
        return List.of(
                cache -> cache.invalidate("final"),
                cache -> cache.invalidateTag("cup"),
                Cache::invalidateAll,
                cache -> cache.put("final", "another"),
                cache -> ((LocalCache<String>) cache).dropAll()); // after a gap
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatIsPutWhileItIsDroppedIsNotKept(Consumer<Cache<String>> change) {
        Instance instance = cluster.start(1, SETTINGS).getFirst();
        meanwhile(instance, () -> change.accept(instance.cache));

        instance.cache.put("final", Loaded.of("old").tagged("cup"));

        assertThat(instance.cache.getIfPresent("final")).isEmpty();
        instance.cache.put("final", "new");
        assertThat(instance.cache.getIfPresent("final")).contains("new");
    }

    @Test
    void whatIsPutWhileAnotherInstancePutsTheKeyIsNotKept() {
        List<Instance> two = cluster.start(2, SETTINGS);
        Instance instance = two.getFirst();
        meanwhile(instance, () -> {
            two.getLast().cache.put("final", "new");
            await().atMost(LONG).until(() -> instance.count("invalidations") == 1);
        });

        instance.cache.put("final", "old");

        assertThat(instance.cache.getIfPresent("final")).isEmpty();
    }

    @Test
    void whatHappensToAnotherKeyDoesNoHarm() {
        Instance instance = cluster.start(1, SETTINGS).getFirst();
        meanwhile(instance, () -> instance.cache.put("semifinal", "1:0"));

        instance.cache.put("final", "2:1");

        assertThat(instance.cache.getIfPresent("semifinal")).contains("1:0");
        assertThat(instance.cache.getIfPresent("final")).contains("2:1");
    }
}
