package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Cache;
import dev.tutti.cache.Loaded;
import dev.tutti.core.Tutti;
import dev.tutti.health.Status;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.TestConfiguration;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches of two instances whose second level is a real Redis. */
@Tag("slow")
class RedisCacheTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final MemoryBackend memory = MemoryBackend.open();

    private static Tutti instance(MemoryBackend memory, Map<String, String> environment) {
        Configuration configuration = TestConfiguration.of(environment);
        Tutti instance = Tutti.on(memory)
                .with(RedisStorage.cache(configuration).orElseThrow())
                .secret("a secret of the tests, and of no one else")
                .start();
        await().atMost(LONG).until(() -> check(instance, "redis-cache") == Status.HEALTHY);
        return instance;
    }

    private static Status check(Tutti instance, String name) {
        return instance.health().report().checks().getOrDefault(name, Status.UNAVAILABLE);
    }

    private static Cache<String> cache(Tutti instance) {
        return instance.caches().cache("scores", String.class);
    }

    private static Loaded<String> never(String key) {
        throw new AssertionError(key + " is loaded");
    }

    /** Callers of both caches, who go on until {@link #close}. */
    private static final class Callers implements AutoCloseable {
        private static final int COUNT = 8;
        private static final int KEYS = 100_000;

        final AtomicLong served = new AtomicLong();
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads;
        private volatile boolean over;

        Callers(List<Cache<String>> caches) {
            threads = IntStream.range(0, COUNT)
                    .mapToObj(number -> Thread.startVirtualThread(() -> call(caches.get(number % caches.size()))))
                    .toList();
        }

        private void call(Cache<String> cache) {
            while (!over) {
                String key = "key " + ThreadLocalRandom.current().nextInt(KEYS);
                try {
                    Optional<String> value = cache.get(key, each -> Loaded.of("of " + each));
                    if (!value.equals(Optional.of("of " + key))) {
                        throw new AssertionError(value);
                    }
                    served.incrementAndGet();
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            }
        }

        void awaitMore(int count) {
            long soFar = served.get();
            await().atMost(LONG).until(() -> served.get() >= soFar + count);
        }

        @Override
        public void close() {
            over = true;
            await().atMost(LONG).until(() -> threads.stream().noneMatch(Thread::isAlive));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOutageBreaksNoRequestAndTheSecondLevelComesBackByItself(boolean killed, @TempDir Path directory)
            throws Exception {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            Map<String, String> environment =
                    Map.of("CACHE_PROVIDER", "redis", "REDIS_HOST", "127.0.0.1", "REDIS_PORT", "" + redis.port());
            try (Tutti ann = instance(memory, environment);
                    Tutti bob = instance(memory.another(), environment)) {
                Cache<String> hers = cache(ann);
                Cache<String> his = cache(bob);
                hers.get("final", _ -> Loaded.of("1:0"));
                assertThat(his.get("final", RedisCacheTest::never)).contains("1:0");

                try (Callers callers = new Callers(List.of(hers, his))) {
                    callers.awaitMore(1_000);
                    if (killed) {
                        redis.kill();
                    } else {
                        redis.freeze();
                    }
                    await().atMost(LONG)
                            .until(() ->
                                    check(ann, "caches") == Status.DEGRADED && check(bob, "caches") == Status.DEGRADED);
                    assertThat(ann.health().report().status()).isEqualTo(Status.DEGRADED);
                    assertThat(ann.health().report().ready()).isTrue();
                    callers.awaitMore(5_000);
                    his.invalidate("final");
                    await().atMost(LONG).until(() -> hers.getIfPresent("final").isEmpty());
                    if (killed) {
                        redis.start();
                    } else {
                        redis.thaw();
                    }
                    await().atMost(LONG)
                            .until(() ->
                                    check(ann, "caches") == Status.HEALTHY && check(bob, "caches") == Status.HEALTHY);
                    await("what was owed is paid")
                            .atMost(LONG)
                            .until(() -> bob.meters()
                                            .get("tutti.cache.store.owed")
                                            .gauge()
                                            .value()
                                    == 0);
                    callers.awaitMore(1_000);
                    assertThat(callers.failures).isEmpty();
                }
                assertThat(hers.get("final", _ -> Loaded.of("2:1"))).contains("2:1");
                assertThat(his.get("final", RedisCacheTest::never)).contains("2:1");
            }
        }
    }

    @Test
    void passwordAndDatabaseAreThoseOfTheConfiguration(@TempDir Path directory) throws Exception {
        try (RedisProcess redis = RedisProcess.server(directory, "--requirepass", "p@ss word");
                Tutti instance = instance(
                        memory,
                        Map.of(
                                "CACHE_USE_REDIS", "true",
                                "REDIS_HOST", "127.0.0.1",
                                "REDIS_PORT", "" + redis.port(),
                                "REDIS_PASSWORD", "p@ss word",
                                "REDIS_DB", "3",
                                "TUTTI_REDIS_PREFIX", "shop:"))) {
            cache(instance).get("final", _ -> Loaded.of("2:1"));
            assertThat(keys(redis, 3)).hasSize(2).allMatch(key -> key.startsWith("shop:cache:"));
            assertThat(keys(redis, 0)).isEmpty();
        }
    }

    private static List<String> keys(RedisProcess redis, int database) throws IOException, InterruptedException {
        return redis.cli("--no-auth-warning", "-a", "p@ss word", "-n", "" + database, "keys", "*")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }
}
