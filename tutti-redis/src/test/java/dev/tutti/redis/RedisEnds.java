package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.bus.Bus;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Ends of a bus on some address. */
final class RedisEnds {
    private RedisEnds() {}

    static Bus at(String url) {
        return new RedisBus(RedisSettings.of(RedisAddress.parse(url)));
    }

    /** Cuts the connections of {@code end} to all {@code servers}. */
    static void cut(Bus end, Iterable<RedisProcess> servers) {
        String name = ((RedisBus) end).name();
        try {
            for (RedisProcess server : servers) {
                await().until(() -> server.connections(name) == 2);
                assertThat(server.cut(name)).isEqualTo(2);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
