package dev.tutti.redis;

import dev.tutti.session.AttributeStore;
import dev.tutti.tck.AttributeStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Attributes of sessions on a cluster of three masters. */
class RedisClusterAttributeStoreTest implements AttributeStoreContract {
    private static TestRedis cluster;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        cluster = TestRedis.cluster(directory, RedisUse.SESSIONS);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    public AttributeStore attributes() {
        return cluster.backend().attributes().orElseThrow();
    }
}
