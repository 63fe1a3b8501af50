package dev.tutti.core.cache;

import static dev.tutti.core.cache.CacheCluster.LONG;
import static dev.tutti.core.cache.CacheCluster.MEMBERSHIP;
import static dev.tutti.core.cache.CacheCluster.SETTINGS;
import static dev.tutti.core.cache.CacheCluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Loaded;
import dev.tutti.core.cache.CacheCluster.Instance;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches whose instances are killed, or leave. */
class CacheMembersTest {
    private final CacheCluster cluster = new CacheCluster();
    private final GatedLoader loader = new GatedLoader();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void anInvalidationThatDiesWithTheOneThatWasToldOfItIsMadeGood() throws Exception {
        List<Instance> two = cluster.start(2, SETTINGS);
        Instance other = two.getLast();
        other.cache.get("final", _ -> Loaded.of("2:1"));

        other.cutOff();
        two.getFirst().cache.invalidate("final"); // which is heard by nobody
        other.plugIn();
        assertThat(other.cache.getIfPresent("final")).contains("2:1");
        two.getFirst().vanish();

        await().atMost(LONG).until(() -> other.cache.getIfPresent("final").isEmpty());
    }

    @Test
    void anInstanceThatLeavesHavingToldAllCostsTheOthersNothing() throws Exception {
        List<Instance> two = cluster.start(2, SETTINGS);
        Instance other = two.getLast();
        other.cache.get("final", _ -> Loaded.of("2:1"));

        two.getFirst().close();

        await().atMost(LONG).until(() -> other.members.others().isEmpty());
        other.awaitBeat();
        assertThat(other.cache.getIfPresent("final")).contains("2:1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoaderThatIsKilledIsReplaced(boolean coordinatorToo) throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        Instance victim = three.get(0);
        String key = cluster.keyOf(three.get(coordinatorToo ? 0 : 1));
        CompletableFuture<Optional<String>> lost = victim.get(key, loader);
        loader.awaitRuns(1);
        CompletableFuture<Optional<String>> first = three.get(1).get(key, loader);
        CompletableFuture<Optional<String>> second = three.get(2).get(key, loader);
        cluster.awaitWaiting(2);

        victim.kill();

        loader.awaitRuns(2);
        cluster.awaitWaiting(1);
        loader.end(1, "2:1");
        assertThat(result(first)).contains("2:1");
        assertThat(result(second)).contains("2:1");
        assertThat(loader.runs()).isEqualTo(2);
        loader.end(0, "1:1");
        assertThat(result(lost)).contains("1:1");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "0, 2"})
    void aLoadFromBeforeADeathIsNotJoinedAfterIt(int millisecondsYounger, int loads) throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        String key = cluster.keyOf(three.get(1));
        CompletableFuture<Optional<String>> before = three.get(1).get(key, loader);
        loader.awaitRuns(1);
        cluster.pass(MEMBERSHIP.heartbeatInterval().minusMillis(millisecondsYounger));

        three.get(0).kill(); // it may have invalidated the key, and not have told anybody
        three.get(1).awaitBeat();
        CompletableFuture<Optional<String>> after = three.get(2).get(key, loader);
        if (loads == 1) {
            cluster.awaitWaiting(1);
        }

        loader.awaitRuns(loads);
        loader.end(0, "1:1");
        loader.end(loads - 1, loads + ":1");
        assertThat(result(before)).contains("1:1");
        assertThat(result(after)).contains(loads + ":1");
    }
}
