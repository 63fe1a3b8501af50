package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.CacheStore;
import dev.tutti.health.Status;
import dev.tutti.tck.CacheStoreContract;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second level on one server. */
class RedisCacheStoreTest implements CacheStoreContract {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static TestRedis redis;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        redis = TestRedis.server(directory, RedisUse.CACHE);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Override
    public CacheStore store() {
        return redis.backend().cache().orElseThrow();
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void aServerThatIsNotThereIsFoundLater(@TempDir Path directory) throws IOException, InterruptedException {
        try (RedisProcess server = RedisProcess.server(directory)) {
            server.kill();
            try (RedisBackend late = RedisBackend.open("redis://127.0.0.1:" + server.port(), RedisUse.CACHE)) {
                CacheStore store = late.cache().orElseThrow();
                assertThat(store.read("scores", "final").toCompletableFuture()).failsWithin(LONG);
                assertThatThrownBy(late::check).hasMessageContaining("nobody listens there");
                server.start();
                await().atMost(LONG).ignoreExceptions().until(() -> late.check() == Status.HEALTHY);
                assertThat(result(store.read("scores", "final")).value()).isEmpty();
            }
        }
    }

    @Test
    void aLoadThatBeganBeforeTheServerForgotEverythingIsRefused() throws IOException, InterruptedException {
        CacheStore.Fresh value = new CacheStore.Fresh(new byte[] {1}, Set.of("cup"), TTL);
        long before = result(store().read("scores", "final")).token();
        assertThat(result(store().write("scores", "final", before, value))).isTrue();
        redis.server().cli("flushall");
        assertThat(result(store().read("scores", "final")).value()).isEmpty();
        assertThat(result(store().write("scores", "final", before, value))).isFalse();
        long after = result(store().read("scores", "final")).token();
        assertThat(result(store().write("scores", "final", after, value))).isTrue();
    }

    /** Redis may throw single keys away when its memory is short. */
    @Test
    void aValueWhoseMarksAreGoneIsNotBelieved() throws IOException, InterruptedException {
        CacheStore.Fresh value = new CacheStore.Fresh(new byte[] {1}, Set.of("cup"), TTL);
        long token = result(store().read("evicted", "final")).token();
        assertThat(result(store().write("evicted", "final", token, value))).isTrue();
        result(store().invalidateTag("evicted", "cup"));
        redis.server()
                .cli(
                        "eval",
                        "for _, key in ipairs(redis.call('KEYS', 'tutti:cache:marks:*evicted*')) do"
                                + " redis.call('DEL', key) end",
                        "0");
        assertThat(result(store().read("evicted", "final")).value()).isEmpty();
    }

    @Test
    void everyKeyHasThePrefixAndAnEnd() throws IOException, InterruptedException {
        RedisSettings settings = RedisSettings.of(
                        RedisAddress.parse("redis://127.0.0.1:" + redis.server().port()))
                .withPrefix("shop:");
        try (RedisBackend other = RedisBackend.open(settings, Set.of(RedisUse.CACHE))) {
            await().atMost(LONG).ignoreExceptions().until(() -> other.check() == Status.HEALTHY);
            CacheStore store = other.cache().orElseThrow();
            long token = result(store.read("scores", "final")).token();
            result(store.write("scores", "final", token, new CacheStore.Fresh(new byte[] {1}, Set.of("cup"), TTL)));
            result(store.invalidate("scores", "other", TTL));
            result(store.invalidateTag("scores", "cup"));
        }
        String script = "local endless = 0; for _, key in ipairs(redis.call('KEYS', 'shop:*')) do if"
                + " redis.call('PTTL', key) < 0 then endless = endless + 1 end end; return"
                + " {#redis.call('KEYS', 'shop:*'), endless}";
        assertThat(redis.server().cli("eval", script, "0").lines()).containsExactly("18", "0");
    }
}
