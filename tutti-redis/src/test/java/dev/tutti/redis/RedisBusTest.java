package dev.tutti.redis;

import dev.tutti.bus.Bus;
import dev.tutti.tck.BusContract;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The bus on one server. */
class RedisBusTest implements BusContract {
    private static RedisProcess redis;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        redis = RedisProcess.server(directory);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Override
    public Bus open() {
        return RedisEnds.at("redis://127.0.0.1:" + redis.port());
    }

    @Override
    public void interrupt(Bus end) {
        RedisEnds.cut(end, List.of(redis));
    }
}
