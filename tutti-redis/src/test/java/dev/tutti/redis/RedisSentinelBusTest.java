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

/** The bus on a master that a Sentinel knows. */
@Tag("slow")
class RedisSentinelBusTest implements BusContract {
    private static RedisProcess master;
    private static RedisProcess sentinel;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        master = RedisProcess.server(directory);
        sentinel = RedisProcess.sentinel(directory, master);
    }

    @AfterAll
    static void stop() {
        sentinel.close();
        master.close();
    }

    @Override
    public Bus open() {
        return RedisEnds.at("redis-sentinel://127.0.0.1:" + sentinel.port() + "#main");
    }

    @Override
    public void interrupt(Bus end) {
        RedisEnds.cut(end, List.of(master));
    }
}
