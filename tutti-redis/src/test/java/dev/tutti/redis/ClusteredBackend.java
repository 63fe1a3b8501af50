package dev.tutti.redis;

import static org.awaitility.Awaitility.await;

import dev.tutti.health.Status;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A backend on a cluster of three masters, both of which end with it. */
record ClusteredBackend(List<RedisProcess> nodes, RedisBackend backend) implements AutoCloseable {
    /** Returns when the backend of {@code use} is connected; the nodes have their files in {@code directory}. */
    static ClusteredBackend start(Path directory, RedisUse use) throws IOException, InterruptedException {
        List<RedisProcess> nodes = RedisProcess.cluster(directory, 3);
        RedisBackend backend = RedisBackend.open(
                "redis-cluster://127.0.0.1:" + nodes.getFirst().port(), use);
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> backend.check() == Status.HEALTHY);
        return new ClusteredBackend(nodes, backend);
    }

    @Override
    public void close() {
        backend.close();
        nodes.forEach(RedisProcess::close);
    }
}
