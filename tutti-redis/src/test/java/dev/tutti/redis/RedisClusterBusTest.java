package dev.tutti.redis;

import dev.tutti.bus.Bus;
import dev.tutti.tck.BusContract;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The bus on a cluster of three masters. */
@Tag("slow")
class RedisClusterBusTest implements BusContract {
    private static List<RedisProcess> nodes;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        nodes = RedisProcess.cluster(directory, 3);
    }

    @AfterAll
    static void stop() {
        nodes.forEach(RedisProcess::close);
    }

    @Override
    public Bus open() {
        return RedisEnds.at("redis-cluster://127.0.0.1:" + nodes.getFirst().port());
    }

    @Override
    public void interrupt(Bus end) {
        RedisEnds.cut(end, nodes);
    }
}
