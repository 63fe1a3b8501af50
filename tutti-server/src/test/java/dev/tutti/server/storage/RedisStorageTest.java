package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.TuttiException;
import dev.tutti.bus.Topics;
import dev.tutti.core.Tutti;
import dev.tutti.core.health.Health;
import dev.tutti.health.Status;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.redis.RedisBackend;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.TestConfiguration;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisStorageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Silent() implements Topics.Listener {
        @Override
        public void onMessage(String topic, byte[] payload) {}

        @Override
        public void onGap() {}
    }

    @Test
    void thereIsABusIfTheConfigurationWantsOne() {
        assertThat(redis(Map.of())).isEmpty();
        assertThat(redis(Map.of("REDIS_URL", "redis://localhost", "TUTTI_BUS", "postgres")))
                .isEmpty();
        Optional<RedisBackend> redis = redis(Map.of("REDIS_URL", "redis://localhost"));
        assertThat(redis).isPresent();
        redis.ifPresent(RedisBackend::close);
        Optional<RedisBackend> inParts = redis(Map.of("REDIS_HOST", "localhost", "TUTTI_BUS", "redis"));
        assertThat(inParts).isPresent();
        inParts.ifPresent(RedisBackend::close);
    }

    @Test
    void cachesOnRedisMoveTheBusNowhere() {
        Map<String, String> environment = Map.of("CACHE_PROVIDER", "redis", "REDIS_HOST", "localhost");
        assertThat(redis(environment)).isEmpty();
        Optional<RedisBackend> cache = RedisStorage.cache(TestConfiguration.of(environment));
        assertThat(cache).isPresent();
        cache.ifPresent(RedisBackend::close);
        assertThat(RedisStorage.cache(TestConfiguration.of(Map.of("REDIS_URL", "redis://localhost"))))
                .isEmpty();
    }

    @Test
    void aRedisThatRefusesThePasswordEndsTheStartThoughItCarriesNoMessages(@TempDir Path directory)
            throws IOException, InterruptedException {
        try (RedisProcess server = RedisProcess.server(directory, "--requirepass", "right")) {
            loadClasses(cached(server, "right"));

            assertThatThrownBy(() -> RedisStorage.open(cached(server, "secret")))
                    .isInstanceOf(TuttiException.class)
                    .hasMessageContaining("it refuses the user or the password")
                    .hasMessageContaining("REDIS_PASSWORD")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void aRedisThatIsAwayAtTheStartDegradesTheInstanceForItsReason() throws IOException {
        Configuration away = TestConfiguration.of(
                Map.of("CACHE_PROVIDER", "redis", "REDIS_HOST", "127.0.0.1", "REDIS_PORT", "" + Ports.free()));
        Tutti.Builder builder = Tutti.on(MemoryBackend.open()).secret("a secret of the tests, and of no one else");
        RedisStorage.open(away).forEach(builder::with);
        try (Tutti instance = builder.start()) {
            Health.Report report = instance.health().report();

            assertThat(report.ready()).isTrue();
            assertThat(report.checks()).containsEntry("redis-cache", Status.UNAVAILABLE);
            assertThat(report.reasons())
                    .hasEntrySatisfying(
                            "redis-limits", reason -> assertThat(reason).startsWith("nobody listens there"));
        }
    }

    @Test
    void whatPassesIsCountedAndWithoutRedisTheInstanceIsDegraded(@TempDir Path directory)
            throws IOException, InterruptedException {
        MemoryBackend memory = MemoryBackend.open();
        try (RedisProcess server = RedisProcess.server(directory);
                Tutti publisher = instance(memory, server);
                Tutti hearing = instance(memory.another(), server)) {
            Topics topics = publisher.bus().topics(Topics.Family.sealed("news", 1), new Silent());
            hearing.bus().topics(Topics.Family.sealed("news", 1), new Silent()).subscribe("today");
            await().until(() -> {
                topics.publish("today", new byte[] {1});
                return count(publisher, "tutti.bus.published") > 0 && count(hearing, "tutti.bus.received") > 0;
            });
            await().atMost(PATIENCE).until(() -> publisher.health().report().status() == Status.HEALTHY);

            server.kill();
            await().atMost(PATIENCE).until(() -> publisher.health().report().status() == Status.DEGRADED);
            assertThat(publisher.health().report().checks()).containsEntry("redis", Status.UNAVAILABLE);
            assertThat(publisher.health().report().ready()).isTrue();
        }
    }

    /** The start waits for a refusal some seconds, which on a busy machine may be over before the first connection is made. */
    private static void loadClasses(Configuration right) {
        for (RedisBackend opened : RedisStorage.open(right)) {
            try (opened) {
                await().atMost(PATIENCE).ignoreExceptions().until(() -> opened.check() == Status.HEALTHY);
            }
        }
    }

    private static Configuration cached(RedisProcess server, String password) {
        return TestConfiguration.of(Map.of(
                "CACHE_PROVIDER",
                "redis",
                "REDIS_HOST",
                "127.0.0.1",
                "REDIS_PORT",
                "" + server.port(),
                "REDIS_PASSWORD",
                password));
    }

    private static Tutti instance(MemoryBackend memory, RedisProcess server) {
        return Tutti.on(memory)
                .with(redis(Map.of("REDIS_URL", "redis://127.0.0.1:" + server.port()))
                        .orElseThrow())
                .secret("a secret of the tests, and of no one else")
                .start();
    }

    private static double count(Tutti instance, String name) {
        return instance.meters().get(name).functionCounter().count();
    }

    private static Optional<RedisBackend> redis(Map<String, String> environment) {
        return RedisStorage.bus(TestConfiguration.of(environment));
    }
}
