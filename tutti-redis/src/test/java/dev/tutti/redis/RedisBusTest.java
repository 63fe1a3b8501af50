package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.bus.Bus;
import dev.tutti.tck.BusContract;
import dev.tutti.tck.process.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
        return new RedisBus(RedisSettings.of(RedisAddress.parse("redis://127.0.0.1:" + redis.port())));
    }

    @Override
    public void interrupt(Bus end) {
        try {
            assertThat(redis.cut(((RedisBus) end).name())).isEqualTo(2);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
