package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line to one server, seen by those who use it. */
class RedisNodeTest {
    @TempDir
    private Path directory;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final RedisTransport.Receiver receiver = new RedisTransport.Receiver() {
        @Override
        public void frame(String channel, byte[] bytes) {
            told.add("frame");
        }

        @Override
        public void gap() {
            told.add("gap");
        }

        @Override
        public void unsent() {
            told.add("unsent");
        }
    };

    @Test
    void aLineThatIsClosedHasLostNothing() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            RedisSettings settings = RedisSettings.of(RedisAddress.parse("redis://127.0.0.1:" + redis.port()));
            try (RedisConnector connector = new RedisConnector(settings, "line", RedisUse.BUS)) {
                RedisNode line =
                        new RedisNode(connector, settings.address()::server, false, receiver, () -> told.add("moved"));
                line.open();
                assertThat(line.answers(Duration.ofSeconds(5))).isTrue();
                line.close();
                assertThat(told).isEmpty();
                assertThat(line.answers(Duration.ofSeconds(5))).isFalse();
            }
        }
    }
}
