package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.CacheStore;
import dev.tutti.tck.CacheStoreContract;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second level on a cluster of three masters. */
@Tag("slow")
class RedisClusterCacheStoreTest implements CacheStoreContract {
    private static TestRedis cluster;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        cluster = TestRedis.cluster(directory, RedisUse.CACHE);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    public CacheStore store() {
        return cluster.backend().cache().orElseThrow();
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void aCacheIsSpreadOverTheNodesAndFollowsASlotThatMoves() throws IOException, InterruptedException {
        String cache = "cache " + UUID.randomUUID();
        for (int key = 0; key < 200; key++) {
            long token = result(store().read(cache, "key " + key)).token();
            assertThat(result(store().write(
                                    cache, "key " + key, token, new CacheStore.Fresh(new byte[] {1}, Set.of(), TTL))))
                    .isTrue();
        }
        for (RedisProcess node : cluster.nodes()) {
            assertThat(Integer.parseInt(node.cli("dbsize").strip())).isPositive();
        }

        int part = Math.floorMod("key 0".hashCode(), RedisCacheStore.PARTS);
        String slot = cluster.nodes()
                .getFirst()
                .cli("cluster", "keyslot", part + ":" + cache.length() + ":" + cache)
                .strip();
        RedisProcess to = cluster.nodes().get(Integer.parseInt(slot) < 8_192 ? 2 : 0);
        moved(slot, to);

        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(CompletionException.class)
                .until(() -> {
                    long token = result(store().read(cache, "key 0")).token();
                    return result(
                            store().write(cache, "key 0", token, new CacheStore.Fresh(new byte[] {2}, Set.of(), TTL)));
                });
        assertThat(result(store().read(cache, "key 0")).value().orElseThrow().bytes())
                .containsExactly(2);
    }

    /** Nodes give away no slot that has keys. */
    private static void moved(String slot, RedisProcess to) throws IOException, InterruptedException {
        for (RedisProcess node : cluster.nodes()) {
            node.cli("cluster", "getkeysinslot", slot, "1000")
                    .lines()
                    .filter(key -> !key.isBlank())
                    .forEach(key -> {
                        try {
                            node.cli("del", key);
                        } catch (IOException failure) {
                            throw new AssertionError(failure);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
        RedisProcess.moveSlot(cluster.nodes(), slot, to);
    }
}
