package dev.tutti.redis;

import dev.tutti.limit.LimitStore;
import dev.tutti.tck.LimitStoreContract;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Limits on a cluster of three masters. */
class RedisClusterLimitStoreTest implements LimitStoreContract {
    private static TestRedis cluster;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        cluster = TestRedis.cluster(directory, RedisUse.LIMITS);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    public LimitStore limits() {
        return cluster.backend().limits().orElseThrow();
    }

    @Override
    public void pass(String bucket, Duration time) {
        String script = "local full = tonumber(redis.call('GET', KEYS[1]) or 0) - tonumber(ARGV[1]); if full > 0 then"
                + " redis.call('SET', KEYS[1], string.format('%.0f', full), 'KEEPTTL') end";
        for (RedisProcess node : cluster.nodes()) { // the others answer that the key is elsewhere
            try {
                var _ = node.cli("eval", script, "1", "tutti:limit:" + bucket, "" + time.toNanos() / 1_000);
            } catch (IOException failure) {
                throw new AssertionError(failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
