package dev.tutti.core.cache;

import static dev.tutti.core.cache.CacheCluster.LONG;
import static dev.tutti.core.cache.CacheCluster.SETTINGS;
import static dev.tutti.core.cache.CacheCluster.getInTurn;
import static dev.tutti.core.cache.CacheCluster.result;
import static dev.tutti.core.cache.CacheCluster.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.CacheStore;
import dev.tutti.cache.Loaded;
import dev.tutti.core.cache.CacheCluster.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Caches of three instances with a second level. */
class SecondLevelTest {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final CacheCluster cluster = new CacheCluster().sharing();
    private final GatedLoader loader = new GatedLoader();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static Loaded<String> never(String key) {
        throw new AssertionError(key + " is loaded");
    }

    private static StoreReach reach(Instance instance) {
        return instance.sharedStore.orElseThrow();
    }

    /** Until what {@code instance} was told has arrived in the store, and the others have heard of it. */
    private static void awaitNothingOwed(Instance instance) {
        await().atMost(LONG).until(() -> owed(instance) == 0);
    }

    private static double owed(Instance instance) {
        return instance.meters.get("tutti.cache.store.owed").gauge().value();
    }

    /** Until the store has the value of {@code key}. */
    private void awaitKept(String key) {
        await().atMost(LONG)
                .until(() -> cluster.secondLevel()
                        .read("scores", key)
                        .toCompletableFuture()
                        .join()
                        .value()
                        .isPresent());
    }

    /** Until the circuit breaker is open. */
    private static void lose(Instance instance, StoreReach.State how) throws Exception {
        reach(instance).is(how);
        for (int call = 0; instance.caches.isSound(); call++) {
            assertThat(instance.cache.get("lost " + call, _ -> Loaded.of("loaded")))
                    .contains("loaded");
        }
    }

    private void recover(Instance instance) {
        reach(instance).is(StoreReach.State.THERE);
        await().atMost(LONG).until(() -> {
            cluster.pass(
                    PAUSE); // also while nothing is wrong: a call from before may time out and open the breaker once
            // more
            return instance.caches.isSound() && owed(instance) == 0;
        });
    }

    @Test
    void whatOneHasLoadedOrPutTheNextOneFinds() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        three.get(0).cache.get("final", _ -> Loaded.of("2:1"));
        three.get(0).cache.get("none", _ -> Loaded.none());
        three.get(0).cache.put("put", "3:0");
        awaitNothingOwed(three.get(0));
        await().atMost(LONG).until(() -> three.get(2).count("invalidations") == 1);

        assertThat(three.get(1).cache.get("final", SecondLevelTest::never)).contains("2:1");
        assertThat(three.get(1).cache.get("none", SecondLevelTest::never)).isEmpty();
        awaitKept("put");
        assertThat(three.get(1).cache.get("put", SecondLevelTest::never)).contains("3:0");
        assertThat(three.get(1).cache.getIfPresent("final")).contains("2:1");
        assertThat(three.get(1).count("store.hits")).isEqualTo(3);
        assertThat(sum(three, "loads")).isEqualTo(2);
    }

    @Test
    void threeHundredThatMissAtTheSameTimeAreOneLoad() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        List<CompletableFuture<Optional<String>>> got = getInTurn(300, three, "final", loader);
        loader.awaitRuns(1);
        loader.end(0, "2:1");
        for (CompletableFuture<Optional<String>> each : got) {
            assertThat(result(each)).contains("2:1");
        }
        assertThat(loader.runs()).isEqualTo(1);
    }

    @Test
    void oneThatMissedBeforeAnotherHadLoadedLooksAgainBeforeItLoads() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        three.get(0).cache.get("final", _ -> Loaded.of("2:1"));
        reach(three.get(1)).readEarly();
        assertThat(three.get(1).cache.get("final", SecondLevelTest::never)).contains("2:1");
        assertThat(three.get(1).count("store.misses")).isEqualTo(1);
    }

    @Test
    void aValueThatIsFoundLastsNoLongerThanItWouldHaveThere() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS.withTtl(Duration.ofSeconds(100)));
        three.get(0).cache.get("final", _ -> Loaded.of("2:1"));
        awaitKept("final");
        cluster.pass(Duration.ofSeconds(80));
        assertThat(three.get(1).cache.get("final", SecondLevelTest::never)).contains("2:1");
        cluster.pass(Duration.ofSeconds(21));
        assertThat(three.get(1).cache.getIfPresent("final")).isEmpty();
        assertThat(three.get(1).cache.get("final", _ -> Loaded.of("3:1"))).contains("3:1");
    }

    @Test
    void aTimeOfItsOwnGoesWithAValue() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS.withTtl(Duration.ofSeconds(100)));
        three.get(0).cache.get("final", _ -> Loaded.of("2:1").lasting(Duration.ofSeconds(10)));
        three.get(0).cache.put("put", "3:0", Duration.ofSeconds(10));
        awaitNothingOwed(three.get(0));
        awaitKept("final");
        cluster.pass(Duration.ofSeconds(8));
        assertThat(three.get(1).cache.get("final", SecondLevelTest::never)).contains("2:1");
        assertThat(three.get(0).cache.getIfPresent("put")).contains("3:0");
        cluster.pass(Duration.ofSeconds(3));
        assertThat(three.get(0).cache.getIfPresent("put")).isEmpty();
        assertThat(three.get(0).cache.get("final", _ -> Loaded.of("3:1"))).contains("3:1");
        assertThat(three.get(1).cache.getIfPresent("final")).isEmpty();
    }

    @Test
    void aRefreshIsNotAnsweredWithWhatIsToBeReplaced() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS.withRefreshAfter(Duration.ofSeconds(10)));
        three.get(0).cache.get("final", _ -> Loaded.of("1:0"));
        assertThat(three.get(1).cache.get("final", SecondLevelTest::never)).contains("1:0");
        cluster.pass(Duration.ofSeconds(11));
        assertThat(three.get(0).cache.get("final", _ -> Loaded.of("1:1"))).contains("1:0");
        await().atMost(LONG)
                .until(() -> three.get(0).cache.getIfPresent("final").equals(Optional.of("1:1")));
        assertThat(three.get(1).cache.get("final", SecondLevelTest::never)).contains("1:0");
        await("the younger one")
                .atMost(LONG)
                .until(() -> three.get(1).cache.getIfPresent("final").equals(Optional.of("1:1")));
    }

    @Test
    void aLoadBeforeAnInvalidationThatItsInstanceNeverHearsOfIsNotKeptThere() throws Exception {
        List<Instance> three = cluster.coordinatorAnswers(Duration.ofMillis(20)).start(3, SETTINGS);
        CompletableFuture<Optional<String>> loading = three.get(0).get("final", loader);
        loader.awaitRuns(1);
        three.get(0).cutOff();
        three.get(2).cache.invalidate("final");
        awaitNothingOwed(three.get(2));
        loader.end(0, "old");
        assertThat(result(loading)).contains("old");
        assertThat(three.get(2).cache.get("final", _ -> Loaded.of("new"))).contains("new");
    }

    @Test
    void whatIsInvalidatedIsDroppedThereToo() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        for (String key : List.of("a", "b", "c")) {
            three.get(0).cache.get(key, each -> Loaded.of("old").tagged("tag " + each));
        }
        three.get(1).cache.invalidate("a");
        three.get(1).cache.invalidateTag("tag b");
        awaitNothingOwed(three.get(1));
        assertThat(three.get(2).cache.get("a", _ -> Loaded.of("new"))).contains("new");
        assertThat(three.get(2).cache.get("b", _ -> Loaded.of("new"))).contains("new");
        assertThat(three.get(2).cache.get("c", SecondLevelTest::never)).contains("old");
        three.get(1).cache.invalidateAll();
        assertThat(three.get(1).cache.get("c", _ -> Loaded.of("new"))).contains("new");
    }

    @ParameterizedTest
    @EnumSource(
            value = StoreReach.State.class,
            names = {"AWAY", "SILENT", "BROKEN"})
    void withoutItNothingFailsAndItIsUsedAgainWhenItIsBack(StoreReach.State how) throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        lose(three.get(0), how);
        int calls = reach(three.get(0)).calls();
        for (int key = 0; key < 100; key++) {
            assertThat(three.get(0).cache.get("key " + key, _ -> Loaded.of("loaded")))
                    .contains("loaded");
        }
        assertThat(reach(three.get(0)).calls()).as("calls for nothing").isEqualTo(calls);
        assertThat(three.get(0)
                        .meters
                        .get("tutti.cache.store.available")
                        .gauge()
                        .value())
                .isZero();

        recover(three.get(0));

        three.get(0).cache.get("final", _ -> Loaded.of("2:1"));
        assertThat(three.get(1).cache.get("final", SecondLevelTest::never)).contains("2:1");
    }

    @ParameterizedTest
    @EnumSource(
            value = StoreReach.State.class,
            names = {"AWAY", "SILENT", "BROKEN"})
    void anInvalidationThatItMissedIsMadeGoodAndToldAgain(StoreReach.State how) throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        three.get(0).cache.get("final", _ -> Loaded.of("old").tagged("cup"));
        reach(three.get(0)).is(how);
        three.get(0).cache.invalidateTag("cup");
        await().atMost(LONG).until(() -> three.get(1).count("invalidations") == 1);
        assertThat(three.get(0)
                        .cache
                        .get("final", _ -> Loaded.of("new").tagged("cup"))) // which may be handed to others
                .as("its own invalidation")
                .contains("new");
        assertThat(three.get(1).cache.get("final", _ -> Loaded.of("new").tagged("cup")))
                .as("the store was told by those who heard of it")
                .contains("new");

        recover(three.get(0));

        await().atMost(LONG)
                .until(() -> three.get(1).cache.getIfPresent("final").isEmpty());
        assertThat(three.get(1).cache.get("final", _ -> Loaded.of("newer"))).contains("newer");
    }

    @Test
    void whatOneThatDiesCouldNotTellTheStoreThoseTellItWhoHeardOfIt() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        three.get(0).cache.get("final", _ -> Loaded.of("old"));
        three.get(0).cache.get("put", _ -> Loaded.of("old"));
        reach(three.get(0)).is(StoreReach.State.AWAY);
        three.get(0).cache.invalidate("final");
        three.get(0).cache.put("put", "new");
        for (Instance other : three.subList(1, 3)) {
            await().atMost(LONG).until(() -> other.count("invalidations") == 2);
        }
        three.get(0).kill();

        for (String key : List.of("final", "put")) {
            assertThat(three.get(1).cache.get(key, _ -> Loaded.of("new"))).contains("new");
            assertThat(three.get(2).cache.get(key, SecondLevelTest::never)).contains("new");
        }
    }

    @Test
    void whatADeadInstanceCouldNotSayThoseMakeGoodWhoHeardOfIt() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        three.get(0).cache.get("final", _ -> Loaded.of("old"));
        lose(three.get(0), StoreReach.State.AWAY);
        lose(three.get(1), StoreReach.State.AWAY);
        three.get(0).cache.invalidate("final");
        for (Instance other : three.subList(1, 3)) {
            await().atMost(LONG).until(() -> other.count("invalidations") == 1);
        }
        three.get(0).kill();

        recover(three.get(1));

        assertThat(three.get(1).cache.get("final", _ -> Loaded.of("new"))).contains("new");
        assertThat(three.get(2).cache.get("final", SecondLevelTest::never)).contains("new");
    }

    @Test
    void whatIsOfNobodyIsAMissAndReplaced() throws Exception {
        Instance instance = cluster.start(1, SETTINGS).getFirst();
        CacheStore store = cluster.secondLevel();
        long token = store.read("scores", "final").toCompletableFuture().join().token();
        store.write("scores", "final", token, new CacheStore.Fresh(new byte[60], Set.of(), Duration.ofMinutes(1)))
                .toCompletableFuture()
                .join();
        assertThat(instance.cache.get("final", _ -> Loaded.of("2:1"))).contains("2:1");
        assertThat(instance.meters.get("tutti.cache.store.unreadable").counter().count())
                .isEqualTo(1);
        assertThat(store.read("scores", "final")
                        .toCompletableFuture()
                        .join()
                        .value()
                        .orElseThrow()
                        .bytes())
                .isNotEqualTo(new byte[60]);
    }

    @Test
    void aValueThatWasMovedToAnotherKeyIsAMiss() throws Exception {
        Instance instance = cluster.start(1, SETTINGS).getFirst();
        CacheStore store = cluster.secondLevel();
        instance.cache.get("final", _ -> Loaded.of("2:1"));
        byte[] sealed = store.read("scores", "final")
                .toCompletableFuture()
                .join()
                .value()
                .orElseThrow()
                .bytes();
        long token = store.read("scores", "other").toCompletableFuture().join().token();
        store.write("scores", "other", token, new CacheStore.Fresh(sealed, Set.of(), Duration.ofMinutes(1)))
                .toCompletableFuture()
                .join();
        assertThat(instance.cache.get("other", _ -> Loaded.of("0:0"))).contains("0:0");
    }
}
