package dev.tutti.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.bench.subject.Durable;
import dev.tutti.testkit.process.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class KilledLoaderTest {
    @Test
    void allWhoWaitForALoaderThatIsKilledGetWhatOneOfThemLoads(@TempDir Path directory) throws Exception {
        try (RedisProcess redis = RedisProcess.server(directory);
                Durable durable = new Durable(KilledLoader.CONNECTIONS);
                KilledLoader killed = new KilledLoader(durable.newDatabase("cache"), redis.url())) {
            KilledLoader.Round round = killed.round("key", 30, Duration.ofMillis(20));
            assertThat(round.loads()).isEqualTo(2);
            assertThat(round.waits().getTotalCount()).isEqualTo(30);
        }
    }
}
