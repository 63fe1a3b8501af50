package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.health.Status;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The uses of a Redis by an instance. */
class RedisBackendTest {
    private static final String NOWHERE = "redis://127.0.0.1:1";

    /** Notes that it is closed, and fails at that where it is a cache. */
    private record Closing(RedisUse use, List<RedisUse> closed) implements RedisPart {
        @Override
        public boolean ping() {
            return true;
        }

        @Override
        public Optional<String> failure() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed.add(use);
            if (use == RedisUse.CACHE) {
                throw new IllegalStateException("caches do not close");
            }
        }
    }

    private static Set<RedisUse> abilities(RedisBackend backend) {
        Map<RedisUse, Optional<?>> all = Map.of(
                RedisUse.BUS, backend.bus(),
                RedisUse.CACHE, backend.cache(),
                RedisUse.LIMITS, backend.limits(),
                RedisUse.SESSIONS, backend.attributes());
        return all.entrySet().stream()
                .filter(each -> each.getValue().isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({"BUS, redis", "CACHE, redis-cache", "LIMITS, redis-limits", "SESSIONS, redis-sessions"})
    void ofOneUseItHasThatAbilityAndTheNameOfItsHealthCheck(RedisUse use, String name) {
        try (RedisBackend backend = RedisBackend.open(NOWHERE, use)) {
            assertThat(backend.name()).isEqualTo(name);
            assertThat(abilities(backend)).containsExactly(use);
            assertThatThrownBy(backend::check)
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    @Test
    void unlessChosenNothingButTheBusIsTakenOver() {
        try (RedisBackend backend = RedisBackend.open(NOWHERE)) {
            assertThat(backend.name()).isEqualTo("redis");
            assertThat(abilities(backend)).containsExactly(RedisUse.BUS);
        }
    }

    @Test
    void eachOfSeveralUsesIsInTheNameAndHasConnectionsOfItsOwn(@TempDir Path directory)
            throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory);
                RedisBackend backend =
                        RedisBackend.open("redis://127.0.0.1:" + redis.port(), RedisUse.LIMITS, RedisUse.CACHE)) {
            assertThat(backend.name()).isEqualTo("redis-cache-limits");
            assertThat(abilities(backend)).containsExactlyInAnyOrder(RedisUse.CACHE, RedisUse.LIMITS);
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> backend.check() == Status.HEALTHY);

            assertThat(redis.cli("client", "list")).contains("name=tutti-cache-", "name=tutti-limit-");
        }
    }

    @Test
    void aPasswordThatIsChangedMeanwhileIsToldByTheHealthCheck(@TempDir Path directory)
            throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory);
                RedisBackend backend = RedisBackend.open("redis://127.0.0.1:" + redis.port(), RedisUse.SESSIONS)) {
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> backend.check() == Status.HEALTHY);

            redis.cli("config", "set", "requirepass", "another");
            redis.cli("--no-auth-warning", "-a", "another", "client", "kill", "type", "normal");

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThatThrownBy(backend::check).hasMessageContaining("it wants a password (NOAUTH"));
        }
    }

    @Test
    void ifALaterPartFailsTheEarlierOnesAreClosedLatestFirst() {
        List<RedisUse> closed = new ArrayList<>();
        IllegalStateException failure = new IllegalStateException("no thread is left");

        assertThatThrownBy(() -> RedisBackend.open(EnumSet.allOf(RedisUse.class), use -> {
                    if (use == RedisUse.SESSIONS) {
                        throw failure;
                    }
                    return new Closing(use, closed);
                }))
                .isSameAs(failure);

        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(closed).containsExactly(RedisUse.LIMITS, RedisUse.CACHE, RedisUse.BUS);
    }

    @Test
    void aPartThatFailsToCloseKeepsNoOtherOpen() {
        List<RedisUse> closed = new ArrayList<>();
        RedisBackend backend = RedisBackend.open(EnumSet.allOf(RedisUse.class), use -> new Closing(use, closed));

        assertThatThrownBy(backend::close)
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        failures -> assertThat(failures.getSuppressed()).hasSize(1));

        assertThat(closed).containsExactly(RedisUse.SESSIONS, RedisUse.LIMITS, RedisUse.CACHE, RedisUse.BUS);
    }

    @Test
    void noUseAtAllIsRefused() {
        RedisSettings settings = RedisSettings.of(RedisAddress.parse(NOWHERE));

        assertThatThrownBy(() -> RedisBackend.open(settings, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[BUS, CACHE, LIMITS, SESSIONS]");
    }
}
