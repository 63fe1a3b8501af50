package dev.tutti.redis;

import static org.awaitility.Awaitility.await;

import dev.tutti.health.Status;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One server, or a cluster of three masters, and a backend that is connected to it; all of that ends with this. */
record TestRedis(List<RedisProcess> nodes, RedisBackend backend) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One server with a backend of {@code use}; its files are in {@code directory}. */
    static TestRedis server(Path directory, RedisUse use) throws IOException, InterruptedException {
        RedisProcess server = RedisProcess.server(directory);
        return connected(List.of(server), "redis://127.0.0.1:" + server.port(), use);
    }

    /** A cluster with a backend of {@code use}; the nodes have their files in {@code directory}. */
    static TestRedis cluster(Path directory, RedisUse use) throws IOException, InterruptedException {
        List<RedisProcess> nodes = RedisProcess.cluster(directory, 3);
        return connected(nodes, "redis-cluster://127.0.0.1:" + nodes.getFirst().port(), use);
    }

    private static TestRedis connected(List<RedisProcess> nodes, String url, RedisUse use) {
        RedisBackend backend = RedisBackend.open(url, use);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> backend.check() == Status.HEALTHY);
        return new TestRedis(nodes, backend);
    }

    /** The only server, or a node of the cluster. */
    RedisProcess server() {
        return nodes.getFirst();
    }

    @Override
    public void close() {
        backend.close();
        nodes.forEach(RedisProcess::close);
    }
}
