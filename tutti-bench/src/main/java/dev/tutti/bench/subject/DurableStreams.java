package dev.tutti.bench.subject;

import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.time.Duration;

/**
 * Streams in a PostgreSQL, with the settings that the server has by default.
 *
 * @param pool its connections
 * @param store its streams
 */
public record DurableStreams(PostgresPool pool, PostgresStreamStore store) implements AutoCloseable {
    private static final RetentionPolicy WEEK = RetentionPolicy.of(Retention.of(Duration.ofDays(7)));

    /** Those at {@code address}, made if there are none. */
    public static DurableStreams open(PostgresAddress address) {
        PostgresPool pool = new PostgresPool(PostgresPoolSettings.of(address));
        try {
            return new DurableStreams(pool, PostgresStreamStore.open(pool, WEEK));
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
