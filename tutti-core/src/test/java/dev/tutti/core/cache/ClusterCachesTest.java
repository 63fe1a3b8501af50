package dev.tutti.core.cache;

import static dev.tutti.core.cache.CacheCluster.LONG;
import static dev.tutti.core.cache.CacheCluster.SETTINGS;
import static dev.tutti.core.cache.CacheCluster.getInTurn;
import static dev.tutti.core.cache.CacheCluster.result;
import static dev.tutti.core.cache.CacheCluster.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Loaded;
import dev.tutti.core.cache.CacheCluster.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Caches of three instances. */
class ClusterCachesTest {
    private final CacheCluster cluster = new CacheCluster();
    private final GatedLoader loader = new GatedLoader();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void threeHundredThatMissAtTheSameTimeAreOneLoad() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        List<CompletableFuture<Optional<String>>> got = getInTurn(300, three, "final", loader);
        cluster.awaitWaiting(2);
        await().atMost(LONG).until(() -> sum(three, "coalesced") == 297);
        loader.end(0, "2:1");

        for (CompletableFuture<Optional<String>> each : got) {
            assertThat(result(each)).contains("2:1");
        }
        assertThat(loader.runs()).isEqualTo(1);
        assertThat(sum(three, "loads")).isEqualTo(1);
        assertThat(sum(three, "coalesced")).isEqualTo(299);
        assertThat(three)
                .allSatisfy(each -> assertThat(each.cache.getIfPresent("final")).contains("2:1"));
    }

    @Test
    void anInstanceThatTheOthersTakeForDeadKeepsNothingBeforeItHasJoinedAnew() throws Exception {
        List<Instance> two = cluster.start(2, SETTINGS);
        Instance fenced = two.getFirst();
        Instance other = two.getLast();
        String key = cluster.keyOf(other);
        fenced.cache.get(key, _ -> Loaded.of("2:1"));
        assertThat(fenced.cache.getIfPresent(key)).contains("2:1");

        fenced.fence();

        await().atMost(LONG)
                .until(() -> fenced.cache.getIfPresent(key).isEmpty()
                        && other.members.others().isEmpty());
        // the coordinator of the key, which is alone as far as it knows, does not leave it without an answer
        assertThat(fenced.get(key, _ -> Loaded.of("3:1")))
                .succeedsWithin(LONG.dividedBy(2))
                .isEqualTo(Optional.of("3:1"));
        assertThat(fenced.cache.getIfPresent(key)).isEmpty();
        fenced.letJoin();
        await().atMost(LONG).until(() -> {
            fenced.cache.get(key, _ -> Loaded.of("4:1"));
            return fenced.cache.getIfPresent(key).isPresent();
        });
    }

    @Test
    void aLoaderThatNeverReturnsIsReplaced() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        CompletableFuture<Optional<String>> stuck = three.get(0).get("final", loader);
        loader.awaitRuns(1);
        CompletableFuture<Optional<String>> first = three.get(1).get("final", loader);
        CompletableFuture<Optional<String>> second = three.get(2).get("final", loader);
        cluster.awaitWaiting(2);

        cluster.pass(SETTINGS.loadTimeout().dividedBy(2));

        loader.awaitRuns(2);
        loader.end(1, "2:1");
        assertThat(result(first)).contains("2:1");
        assertThat(result(second)).contains("2:1");
        assertThat(loader.runs()).isEqualTo(2);
        assertThat(stuck).isNotDone();
    }

    @Test
    void whereALoadFailsTheOthersLoadOnTheirOwn() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        CompletableFuture<Optional<String>> failed = three.get(0).get("final", loader);
        loader.awaitRuns(1);
        CompletableFuture<Optional<String>> other = three.get(1).get("final", loader);
        cluster.awaitWaiting(1);

        loader.fail(0, new IOException("no route"));

        assertThatThrownBy(() -> result(failed)).rootCause().isInstanceOf(IOException.class);
        loader.awaitRuns(2);
        loader.end(1, "2:1");
        assertThat(result(other)).contains("2:1");
        assertThat(three.get(0).cache.getIfPresent("final")).isEmpty();
    }

    @Test
    void whatIsTooLargeIsLoadedByEach() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        String large = "x".repeat(Content.MAX_HANDED);
        CompletableFuture<Optional<String>> first = three.get(0).get("final", loader);
        loader.awaitRuns(1);
        CompletableFuture<Optional<String>> other = three.get(1).get("final", loader);
        cluster.awaitWaiting(1);

        loader.end(0, large);

        assertThat(result(first)).contains(large);
        loader.awaitRuns(2);
        loader.end(1, large);
        assertThat(result(other)).contains(large);
    }

    @Test
    void thatThereIsNoValueIsHandedOverAndSoAreTags() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        List<CompletableFuture<Optional<String>>> none =
                List.of(three.get(0).get("none", loader), three.get(1).get("none", loader));
        cluster.awaitWaiting(1);
        loader.end(0, Loaded.none());
        for (CompletableFuture<Optional<String>> each : none) {
            assertThat(result(each)).isEmpty();
        }

        List<CompletableFuture<Optional<String>>> tagged =
                List.of(three.get(0).get("final", loader), three.get(1).get("final", loader));
        cluster.awaitWaiting(1);
        loader.end(1, Loaded.of("2:1").tagged("cup"));
        for (CompletableFuture<Optional<String>> each : tagged) {
            assertThat(result(each)).contains("2:1");
        }
        assertThat(three.get(0).cache.getIfPresent("final")).contains("2:1");
        assertThat(three.get(1).cache.getIfPresent("final")).contains("2:1");
        three.get(2).cache.invalidateTag("cup");

        await().atMost(LONG)
                .until(() -> three.stream()
                        .allMatch(each -> each.cache.getIfPresent("final").isEmpty()));
        assertThat(loader.runs()).isEqualTo(2);
        assertThat(three.get(0).cache.get("none", loader)).as("kept").isEmpty();
    }

    @Test
    void whatIsPutOrInvalidatedAtOneIsDroppedAtTheOthers() {
        List<Instance> three = cluster.start(3, SETTINGS);
        three.get(0).cache.put("a", "old");
        three.get(1).cache.put("b", "old");
        three.get(1).cache.put("c", "old");
        await().atMost(LONG).until(() -> sum(three, "invalidations") == 6);
        three.get(2).cache.put("a", "new");
        three.get(2).cache.invalidate("b");
        await().atMost(LONG).until(() -> three.get(0).cache.getIfPresent("a").isEmpty());
        await().atMost(LONG).until(() -> three.get(1).cache.getIfPresent("b").isEmpty());
        assertThat(three.get(1).cache.getIfPresent("c")).contains("old");
        assertThat(three.get(2).cache.getIfPresent("a")).contains("new");

        three.get(0).cache.invalidateAll();
        await().atMost(LONG).until(() -> three.get(1).cache.getIfPresent("c").isEmpty());
        await().atMost(LONG).until(() -> three.get(2).cache.getIfPresent("a").isEmpty());
    }

    @Test
    void aLoadThatWasUnderWayAtAnInvalidationIsNeitherKeptNorGivenToThoseWhoAskLater() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        CompletableFuture<Optional<String>> loading = three.get(0).get("final", loader);
        loader.awaitRuns(1);
        CompletableFuture<Optional<String>> waiting = three.get(1).get("final", loader);
        cluster.awaitWaiting(1);

        three.get(2).cache.invalidate("final");
        CompletableFuture<Optional<String>> later = three.get(2).get("final", loader);

        loader.awaitRuns(2);
        await().atMost(LONG).until(() -> sum(three, "invalidations") == 2);
        loader.end(0, "old");
        assertThat(result(loading)).contains("old");
        assertThat(result(waiting)).contains("old");
        assertThat(three)
                .allSatisfy(each -> assertThat(each.cache.getIfPresent("final")).isEmpty());
        assertThat(later).isNotDone();
        CompletableFuture<Optional<String>> latest = three.get(0).get("final", loader);
        cluster.awaitWaiting(1);
        loader.end(1, "new");
        assertThat(result(later)).contains("new");
        assertThat(result(latest)).contains("new");
        assertThat(loader.runs()).isEqualTo(2);
        assertThat(three.get(2).cache.getIfPresent("final")).contains("new");
    }

    @Test
    void afterAGapNothingIsKeptAndNoLoadIsJoined() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        String key = cluster.keyOf(three.get(0));
        three.get(0).cache.put("other", "old");
        CompletableFuture<Optional<String>> loading = three.get(1).get(key, loader);
        loader.awaitRuns(1);

        three.get(0).gap();

        await().atMost(LONG)
                .until(() -> three.get(0).cache.getIfPresent("other").isEmpty());
        CompletableFuture<Optional<String>> later = three.get(2).get(key, loader);
        loader.awaitRuns(2);
        loader.end(0, "old");
        loader.end(1, "new");
        assertThat(result(loading)).contains("old");
        assertThat(result(later)).contains("new");
    }

    @Test
    void aCoordinatorThatLeavesIsReplaced() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        Instance coordinator = three.get(0);
        String key = cluster.keyOf(coordinator);
        CompletableFuture<Optional<String>> loading = three.get(1).get(key, loader);
        loader.awaitRuns(1);
        CompletableFuture<Optional<String>> waiting = three.get(2).get(key, loader);
        cluster.awaitWaiting(1);

        coordinator.close();

        loader.awaitRuns(2);
        loader.end(1, "2:1");
        assertThat(result(waiting)).contains("2:1");
        loader.end(0, "2:1");
        assertThat(result(loading)).contains("2:1");
    }

    @Test
    void aCoordinatorThatIsNotHeardIsDoneWithout() throws Exception {
        List<Instance> three = cluster.coordinatorAnswers(Duration.ofMillis(20)).start(3, SETTINGS);
        String key = cluster.keyOf(three.get(0));
        three.get(0).cutOff();

        assertThat(three.get(1).cache.get(key, _ -> Loaded.of("2:1"))).contains("2:1");
    }

    @Test
    void aCoordinatorThatWasNotHeardIsAskedByOneAfterAWhile() throws Exception {
        List<Instance> three = cluster.coordinatorAnswers(Duration.ofSeconds(1)).start(3, SETTINGS);
        String key = cluster.keyOf(three.get(0));
        three.get(0).cutOff();
        assertThat(three.get(1).cache.get(key, _ -> Loaded.of("2:1"))).contains("2:1");

        three.get(0).plugIn();
        cluster.pass(SilentCoordinators.PAUSE);
        three.get(1).cache.invalidate(key);
        CompletableFuture<Optional<String>> loading = three.get(1).get(key, loader);
        loader.awaitRuns(1);
        CompletableFuture<Optional<String>> waiting = three.get(2).get(key, loader);
        cluster.awaitWaiting(1);
        loader.end(0, "2:3");
        assertThat(result(loading)).contains("2:3");
        assertThat(result(waiting)).contains("2:3");
    }

    @Test
    void whoeverWaitsAtAnInstanceThatClosesIsToldSoAndTheNextOneLoads() throws Exception {
        List<Instance> three = cluster.start(3, SETTINGS);
        String key = cluster.keyOf(three.get(2));
        CompletableFuture<Optional<String>> loading = three.get(0).get(key, loader);
        loader.awaitRuns(1);
        CompletableFuture<Optional<String>> waiting = three.get(1).get(key, loader);
        cluster.awaitWaiting(1);

        three.get(0).caches.close();

        assertThatThrownBy(() -> result(loading)).hasMessageContaining("this instance is leaving");
        assertThatThrownBy(() -> three.get(0).cache.get(key, loader)).hasMessageContaining("this instance is leaving");
        loader.awaitRuns(2);
        loader.end(1, "2:1");
        assertThat(result(waiting)).contains("2:1");
    }

    @Test
    void withoutASecretEachIsOnItsOwn() throws Exception {
        List<Instance> three = cluster.withoutSecret().start(3, SETTINGS);
        three.get(0).cache.put("final", "2:1");
        assertThat(three.get(1).cache.get("final", _ -> Loaded.of("1:1"))).contains("1:1");
        three.get(1).cache.invalidate("final");
        assertThat(three.get(1).cache.getIfPresent("final")).isEmpty();
        assertThat(three.get(0).cache.getIfPresent("final")).contains("2:1");
    }

    @Test
    void whatIsLoadedBeforeTheOthersKnowOfAnInstanceIsNotKeptForLong() throws Exception {
        Duration settling = Duration.ofSeconds(5);
        cluster.settling(settling).start(1, SETTINGS);
        Instance late = cluster.start(1, SETTINGS).get(1);
        late.cache.put("early", "old");
        assertThat(late.cache.getIfPresent("early")).contains("old");

        cluster.pass(settling);

        assertThat(late.cache.getIfPresent("early")).isEmpty();
        late.cache.put("early", "new");
        cluster.pass(settling);
        assertThat(late.cache.getIfPresent("early")).contains("new");
    }

    @Test
    void whoeverIsAboutToLeaveKeepsNoKey() {
        List<Instance> three = cluster.start(3, SETTINGS);
        String key = cluster.keyOf(three.get(0));
        three.get(0).members.updateSelf(member -> member.leaving());
        await().atMost(LONG)
                .until(() -> three.stream()
                        .allMatch(each -> !new KeyCoordinators(each.members)
                                .of(new CacheKey("scores", key))
                                .equals(three.get(0).tag())));
    }
}
