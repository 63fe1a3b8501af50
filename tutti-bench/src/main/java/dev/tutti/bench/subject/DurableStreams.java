package dev.tutti.bench.subject;

import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.postgres.PostgresStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.time.Duration;
import java.util.Map;

/**
 * Streams in a PostgreSQL, with the settings that the server has by default.
 *
 * @param pool its connections
 * @param store its streams
 */
public record DurableStreams(PostgresPool pool, PostgresStreamStore store) implements AutoCloseable {
    private static final RetentionPolicy WEEK = new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(7)));

    /** Those at {@code address}, made if there are none. */
    public static DurableStreams open(PostgresAddress address) {
        PostgresPool pool = new PostgresPool(PostgresPoolSettings.of(address));
        try {
            PostgresSchema.migrate(pool);
            PostgresStreamStore store = new PostgresStreamStore(pool, WEEK, Duration.ofSeconds(30));
            store.retain();
            return new DurableStreams(pool, store);
        } catch (RuntimeException failure) {
            pool.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
