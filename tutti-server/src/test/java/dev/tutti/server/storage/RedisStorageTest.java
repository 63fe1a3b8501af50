package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.health.Health;
import dev.tutti.core.health.Status;
import dev.tutti.redis.RedisBus;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.Source;
import dev.tutti.tck.BusEnd;
import dev.tutti.tck.BusEnds;
import dev.tutti.testkit.process.RedisProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisStorageTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void thereIsABusIfTheConfigurationWantsOne() {
        assertThat(bus(Map.of())).isEmpty();
        assertThat(bus(Map.of("REDIS_URL", "redis://localhost", "TUTTI_BUS", "postgres")))
                .isEmpty();
        Optional<RedisBus> bus = bus(Map.of("REDIS_URL", "redis://localhost"));
        assertThat(bus).isPresent();
        bus.ifPresent(RedisBus::close);
    }

    @Test
    void whatPassesIsCountedAndWithoutRedisTheInstanceIsDegraded(@TempDir Path directory)
            throws IOException, InterruptedException {
        Health health = new Health();
        try (RedisProcess redis = RedisProcess.server(directory);
                BusEnds ends = new BusEnds(() -> bus(Map.of("REDIS_URL", "redis://127.0.0.1:" + redis.port()))
                        .orElseThrow())) {
            BusEnd publisher = ends.start();
            RedisStorage.watch((RedisBus) publisher.bus(), health);
            BusEnds.connect(publisher, ends.start(), "news");

            assertThat(meters.get(BusMetrics.PUBLISHED).functionCounter().count())
                    .isPositive();
            assertThat(health.report().status()).isEqualTo(Status.HEALTHY);

            redis.kill();
            BusEnds.until("that health says so", () -> health.report().status() == Status.DEGRADED);
            assertThat(health.report().ready()).isTrue();
        }
    }

    private Optional<RedisBus> bus(Map<String, String> environment) {
        return switch (Configuration.of(List.of(new Source("environment", environment)))) {
            case Configuration.Valid(Configuration configuration) -> RedisStorage.bus(configuration, meters);
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }
}
