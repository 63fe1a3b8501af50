package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.health.Status;
import dev.tutti.limit.LimitStore;
import dev.tutti.tck.LimitStoreContract;
import dev.tutti.testkit.fixture.OutageLines;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisLimitStoreTest implements LimitStoreContract {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static TestRedis redis;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        redis = TestRedis.server(directory, RedisUse.LIMITS);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Override
    public LimitStore limits() {
        return redis.backend().limits().orElseThrow();
    }

    @Override
    public void pass(String bucket, Duration time) {
        String script = "local full = tonumber(redis.call('GET', KEYS[1])) - tonumber(ARGV[1]); return"
                + " redis.call('SET', KEYS[1], string.format('%.0f', full), 'KEEPTTL')";
        try {
            assertThat(redis.server().cli("eval", script, "1", "tutti:limit:" + bucket, "" + time.toNanos() / 1_000))
                    .isEqualToIgnoringNewLines("OK");
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBucketEndsWhenItIsFull() throws IOException, InterruptedException {
        assertThat(limits().take("ends", TEN, 5).granted()).isEqualTo(5);
        long seconds =
                Long.parseLong(redis.server().cli("ttl", "tutti:limit:ends").strip());
        assertThat(seconds).isBetween(1_780L, 1_801L);
    }

    @Test
    void aServerThatIsNotThereIsFoundLater(@TempDir Path directory) throws IOException, InterruptedException {
        try (RedisProcess server = RedisProcess.server(directory);
                OutageLines log = new OutageLines()) {
            server.kill();
            try (RedisBackend late = RedisBackend.open("redis://127.0.0.1:" + server.port(), RedisUse.LIMITS)) {
                LimitStore store = late.limits().orElseThrow();
                assertThatThrownBy(() -> store.take("bucket", TEN, 1))
                        .isInstanceOfSatisfying(
                                TuttiException.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE));
                assertThatThrownBy(late::check).hasMessageContaining("nobody listens there");
                server.start();
                await().atMost(LONG).ignoreExceptions().until(() -> late.check() == Status.HEALTHY);
                assertThat(store.take("bucket", TEN, 1).isAllowed()).isTrue();
                await().atMost(LONG)
                        .until(() -> log.containing(":" + server.port()).size() == 2);
                assertThat(log.containing(":" + server.port()).getFirst())
                        .startsWith("WARNING The store of rate limits has no connection to ")
                        .contains("each instance enforces its share until it is back: nobody listens there");
                assertThat(log.containing(":" + server.port()).getLast()).startsWith("INFO ");
            }
        }
    }
}
