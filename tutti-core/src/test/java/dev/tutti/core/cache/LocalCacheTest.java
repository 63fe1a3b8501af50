package dev.tutti.core.cache;

import static dev.tutti.core.cache.CacheCluster.LONG;
import static dev.tutti.core.cache.CacheCluster.SETTINGS;
import static dev.tutti.core.cache.CacheCluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.Loaded;
import dev.tutti.core.cache.CacheCluster.Instance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cache of an instance that is alone. */
class LocalCacheTest {
    private final CacheCluster cluster = new CacheCluster();
    private final GatedLoader loader = new GatedLoader();

    @AfterEach
    void close() {
        cluster.close();
    }

    private Instance instance(CacheSettings settings) {
        return cluster.start(1, settings).getFirst();
    }

    private static long kept(Cache<String> cache, int keys) {
        return IntStream.range(0, keys)
                .filter(key -> cache.getIfPresent("key-" + key).isPresent())
                .count();
    }

    @Test
    void aHundredCallersAreOneLoad() throws Exception {
        Instance instance = instance(SETTINGS);
        List<CompletableFuture<Optional<String>>> got = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            got.add(instance.get("final", loader));
        }
        await().atMost(LONG).until(() -> instance.count("coalesced") == 99);
        loader.end(0, "2:1");
        for (CompletableFuture<Optional<String>> each : got) {
            assertThat(result(each)).contains("2:1");
        }
        assertThat(loader.runs()).isEqualTo(1);
        assertThat(instance.cache.get("final", loader)).contains("2:1");
    }

    @Test
    void aLoadThatNoThreadCanBeHadForLeavesNothingBehind() throws Exception {
        ClusterCaches caches = instance(SETTINGS).caches;
        AtomicInteger threads = new AtomicInteger(); // that there are still
        Cache<String> cache = new LocalCache<>(
                caches,
                "results",
                SETTINGS,
                String.class,
                load -> new Thread(load) {
                    @Override
                    public void start() {
                        if (threads.getAndDecrement() <= 0) {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                        super.start();
                    }
                },
                new SimpleMeterRegistry());

        for (int i = 0; i <= ClusterCaches.MAX_LOADS; i++) {
            assertThatThrownBy(() -> cache.get("final", _ -> Loaded.of("2:1")))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            busy -> assertThat(busy).hasMessageContaining("no thread can be had"));
        }

        threads.set(1);
        assertThat(cache.get("final", _ -> Loaded.of("2:1"))).contains("2:1");
    }

    @Test
    void valuesEndWithinTheLastTenthOfTheirTimeAndNotAllAtOnce() {
        Cache<String> cache = instance(SETTINGS.withTtl(Duration.ofSeconds(100))).cache;
        for (int key = 0; key < 300; key++) {
            cache.put("key-" + key, "value");
        }
        cluster.pass(Duration.ofMillis(89_900));
        assertThat(kept(cache, 300)).isEqualTo(300);
        cluster.pass(Duration.ofSeconds(5));
        assertThat(kept(cache, 300)).isBetween(1L, 299L);
        cluster.pass(Duration.ofSeconds(6));
        assertThat(kept(cache, 300)).isZero();
    }

    @Test
    void thatThereIsNoValueIsKeptForATimeOfItsOwn() throws Exception {
        Cache<String> cache = instance(SETTINGS.withNegativeTtl(Duration.ofSeconds(10))).cache;
        assertThat(cache.get("none", _ -> Loaded.none())).isEmpty();
        assertThat(cache.get("none", _ -> Loaded.of("2:1"))).isEmpty();
        assertThat(cache.getIfPresent("none")).isEmpty();
        cluster.pass(Duration.ofSeconds(11));
        assertThat(cache.get("none", _ -> Loaded.of("2:1"))).contains("2:1");
    }

    @Test
    void thatThereIsNoValueNeedNotBeKept() throws Exception {
        Cache<String> cache = instance(SETTINGS.withNegativeTtl(Duration.ZERO)).cache;
        assertThat(cache.get("none", _ -> Loaded.none())).isEmpty();
        assertThat(cache.get("none", _ -> Loaded.of("2:1"))).contains("2:1");
    }

    @Test
    void anOldValueIsGivenOutWhileItIsLoadedAnew() throws Exception {
        Cache<String> cache = instance(SETTINGS.withRefreshAfter(Duration.ofMinutes(1))).cache;
        cache.put("final", "old");
        assertThat(cache.get("final", loader)).contains("old");
        assertThat(loader.runs()).isZero();

        cluster.pass(Duration.ofMinutes(1));
        assertThat(cache.get("final", loader)).contains("old");
        loader.awaitRuns(1);
        assertThat(cache.get("final", loader)).contains("old");
        loader.fail(0, new IOException("no route"));
        assertThat(cache.get("final", loader)).contains("old");
        assertThat(loader.runs()).as("once a minute").isEqualTo(1);
        await().atMost(LONG).until(() -> !((LocalCache<String>) cache).isLoading("final"));

        cluster.pass(Duration.ofMinutes(1));
        assertThat(cache.get("final", loader)).contains("old");
        loader.awaitRuns(2);
        loader.end(1, "new");
        await().atMost(LONG).until(() -> cache.getIfPresent("final").equals(Optional.of("new")));
    }

    @Test
    void noMoreEntriesAreKeptThanMay() {
        Cache<String> cache = instance(SETTINGS.withMaxEntries(100)).cache;
        for (int key = 0; key < 1_000; key++) {
            cache.put("key-" + key, "value");
        }
        assertThat(kept(cache, 1_000)).isBetween(1L, 100L);
    }

    @Test
    void noMoreBytesAreKeptThanMay() {
        Cache<String> cache = instance(SETTINGS.withMaxBytes(100 * 1_024)).cache;
        for (int key = 0; key < 1_000; key++) {
            cache.put("key-" + key, "x".repeat(1_024));
        }
        assertThat(kept(cache, 1_000)).isBetween(1L, 100L);
    }

    @Test
    void whatTheLoaderThrowsComesOutAndIsNotKept() throws Exception {
        Instance instance = instance(SETTINGS);
        IllegalStateException unchecked = new IllegalStateException("no route");
        assertThatThrownBy(() -> instance.cache.get("final", _ -> {
                    throw unchecked;
                }))
                .isSameAs(unchecked);
        AssertionError error = new AssertionError("no route");
        assertThatThrownBy(() -> instance.cache.get("final", _ -> {
                    throw error;
                }))
                .isSameAs(error);
        IOException checked = new IOException("no route");
        assertThatThrownBy(() -> instance.cache.get("final", _ -> {
                    throw checked;
                }))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasCause(checked)
                .hasMessageContaining("cache 'scores'");
        assertThat(instance.count("failures")).isEqualTo(3);
        assertThat(instance.cache.get("final", _ -> Loaded.of("2:1"))).contains("2:1");
    }

    @Test
    void aLateLoaderIsInterruptedAndTheNextCallerLoadsAnew() throws Exception {
        Cache<String> cache = instance(SETTINGS.withLoadTimeout(Duration.ofMillis(20))).cache;
        CountDownLatch interrupted = new CountDownLatch(1);
        assertThatThrownBy(() -> cache.get("final", _ -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return Loaded.none();
                }))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(interrupted.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(cache.getIfPresent("final")).isEmpty();
        cache.put("final", "2:1");
        assertThat(cache.get("final", loader)).contains("2:1");
    }

    /** What is done while a value is being loaded. */
    enum Change {
        INVALIDATE {
            @Override
            void in(Cache<String> cache) {
                cache.invalidate("final");
            }
        },
        INVALIDATE_TAG {
            @Override
            void in(Cache<String> cache) {
                cache.invalidateTag("cup");
            }
        },
        INVALIDATE_ALL {
            @Override
            void in(Cache<String> cache) {
                cache.invalidateAll();
            }
        };

        abstract void in(Cache<String> cache);
    }

    @ParameterizedTest
    @EnumSource
    void aLoadThatBeganBeforeAnInvalidationIsNotKept(Change change) throws Exception {
        Instance instance = instance(SETTINGS);
        CompletableFuture<Optional<String>> before = instance.get("final", loader);
        loader.awaitRuns(1);
        change.in(instance.cache);
        CompletableFuture<Optional<String>> after = instance.get("final", loader);
        loader.awaitRuns(2);

        loader.end(0, Loaded.of("old").tagged("cup"));
        assertThat(result(before)).contains("old");
        assertThat(instance.cache.getIfPresent("final")).isEmpty();
        assertThat(after).isNotDone();
        loader.end(1, "new");
        assertThat(result(after)).contains("new");
        assertThat(instance.cache.getIfPresent("final")).contains("new");
    }

    @Test
    void anOldLoadThatEndsLastDoesNotReplaceANewOne() throws Exception {
        Instance instance = instance(SETTINGS);
        CompletableFuture<Optional<String>> before = instance.get("final", loader);
        loader.awaitRuns(1);
        instance.cache.invalidate("final");
        CompletableFuture<Optional<String>> after = instance.get("final", loader);
        loader.awaitRuns(2);
        loader.end(1, "new");
        assertThat(result(after)).contains("new");
        loader.end(0, "old");
        assertThat(result(before)).contains("old");
        assertThat(instance.cache.getIfPresent("final")).contains("new");
    }

    @Test
    void aLoadThatBeganBeforeAPutDoesNotReplaceIt() throws Exception {
        Instance instance = instance(SETTINGS);
        CompletableFuture<Optional<String>> before = instance.get("final", loader);
        loader.awaitRuns(1);
        instance.cache.put("final", "new");
        loader.end(0, "old");
        assertThat(result(before)).contains("old");
        assertThat(instance.cache.getIfPresent("final")).contains("new");
    }

    @Test
    void onlyValuesWithTheTagAreDropped() {
        Cache<String> cache = instance(SETTINGS).cache;
        cache.put("a", Loaded.of("1").tagged("cup", "team"));
        cache.put("b", Loaded.of("2").tagged("team"));
        cache.put("c", "3");
        cache.invalidateTag("cup");
        assertThat(cache.getIfPresent("a")).isEmpty();
        assertThat(cache.getIfPresent("b")).contains("2");
        assertThat(cache.getIfPresent("c")).contains("3");
    }

    @Test
    void moreLoadsThanMayBeAreRefused() throws Exception {
        Instance instance = instance(SETTINGS);
        while (instance.caches.tryAcquire()) {
            // as a load does
        }
        assertThatThrownBy(() -> instance.cache.get("final", loader))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
        for (int i = 0; i < ClusterCaches.MAX_LOADS; i++) {
            instance.caches.release();
        }
        assertThat(instance.cache.get("final", _ -> Loaded.of("2:1"))).contains("2:1");
    }

    @Test
    void namesKeysAndTagsHaveBounds() {
        Instance instance = instance(SETTINGS);
        assertThatThrownBy(() -> instance.caches.cache("scores", SETTINGS, String.class))
                .hasMessageContaining("'scores' already");
        assertThatThrownBy(() -> instance.caches.cache("", SETTINGS, String.class))
                .hasMessageContaining("1 to 100");
        String tooLong = "x".repeat(Cache.MAX_KEY + 1);
        assertThatThrownBy(() -> instance.cache.get(tooLong, loader)).hasMessageContaining("1 to 500");
        assertThatThrownBy(() -> instance.cache.invalidate("half\ud800"))
                .as("it would be ? at other instances")
                .hasMessageContaining("surrogate");
        assertThatThrownBy(() -> instance.cache.put("", "value")).hasMessageContaining("1 to 500");
        assertThatThrownBy(() -> instance.cache.invalidateTag(tooLong)).hasMessageContaining("1 to 500");
        assertThatThrownBy(() -> Loaded.of("value").tagged(tooLong)).hasMessageContaining("1 to 500");
        String[] many = IntStream.range(0, Loaded.MAX_TAGS + 1)
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
        assertThatThrownBy(() -> Loaded.of("value").tagged(many)).hasMessageContaining("21 tags; allowed are 20");
    }

    @Test
    void settingsHaveBounds() {
        CacheSettings settings = CacheSettings.DEFAULT;
        assertThatThrownBy(() -> settings.withTtl(Duration.ZERO))
                .hasMessageContaining("ttl is PT0S; allowed are PT0.001S");
        assertThatThrownBy(() -> settings.withNegativeTtl(Duration.ofDays(31))).hasMessageContaining("PT0S and");
        assertThatThrownBy(() -> settings.withRefreshAfter(Duration.ofMillis(-1)))
                .hasMessageContaining("refreshAfter is PT-0.001S");
        assertThatThrownBy(() -> settings.withLoadTimeout(Duration.ofMinutes(11)))
                .hasMessageContaining("loadTimeout is PT11M; allowed are PT0.01S to PT10M");
        assertThatThrownBy(() -> settings.withMaxEntries(0)).hasMessageContaining("maxEntries is 0; allowed are 1 to");
        assertThatThrownBy(() -> settings.withMaxBytes(1)).hasMessageContaining("maxBytes is 1; allowed are 1024 to");
    }
}
