package dev.tutti.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisProcessTest {
    @TempDir
    Path directory;

    @Test
    void aKilledRedisComesBackEmptyAtTheSamePort() throws Exception {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            String url = redis.url();
            redis.cli("set", "key", "value");
            redis.kill();
            assertThatThrownBy(() -> redis.cli("ping")).isInstanceOf(IOException.class);
            redis.start();
            assertThat(redis.url()).isEqualTo(url);
            assertThat(keys(redis)).isEqualTo("0");
        }
    }

    @Test
    void aRedisThatRunsIsNotStartedAgain() throws Exception {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            redis.cli("set", "key", "value");
            redis.start();
            assertThat(keys(redis)).isEqualTo("1");
        }
    }

    @Test
    void aFlushedRedisHasForgottenEverythingAndOneThatIsDownHasNothingToForget() throws Exception {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            redis.cli("set", "key", "value");
            redis.flush();
            assertThat(keys(redis)).isEqualTo("0");
            redis.kill();
            redis.flush();
        }
    }

    @Test
    void aRedisThatEndsAtOnceIsAnErrorThatNamesItsLog() {
        assertThatThrownBy(() -> RedisProcess.server(directory, "--no-such-option", "yes"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("redis-server ended")
                .hasMessageContaining(directory.toString());
    }

    private static String keys(RedisProcess redis) throws IOException, InterruptedException {
        return redis.cli("dbsize").strip();
    }
}
