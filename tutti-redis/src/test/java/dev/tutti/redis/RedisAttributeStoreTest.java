package dev.tutti.redis;

import dev.tutti.session.AttributeStore;
import dev.tutti.tck.AttributeStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RedisAttributeStoreTest implements AttributeStoreContract {
    private static TestRedis redis;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        redis = TestRedis.server(directory, RedisUse.SESSIONS);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Override
    public AttributeStore attributes() {
        return redis.backend().attributes().orElseThrow();
    }
}
