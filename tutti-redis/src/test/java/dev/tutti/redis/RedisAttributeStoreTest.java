package dev.tutti.redis;

import static org.awaitility.Awaitility.await;

import dev.tutti.health.Status;
import dev.tutti.session.AttributeStore;
import dev.tutti.tck.AttributeStoreContract;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RedisAttributeStoreTest implements AttributeStoreContract {
    private static List<RedisProcess> nodes;
    private static RedisBackend backend;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        nodes = List.of(RedisProcess.server(directory));
        backend = RedisBackend.open("redis://127.0.0.1:" + nodes.getFirst().port(), RedisUse.SESSIONS);
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> backend.check() == Status.HEALTHY);
    }

    @AfterAll
    static void stop() {
        backend.close();
        nodes.forEach(RedisProcess::close);
    }

    @Override
    public AttributeStore attributes() {
        return backend.attributes().orElseThrow();
    }
}
