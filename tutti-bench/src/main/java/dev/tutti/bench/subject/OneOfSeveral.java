package dev.tutti.bench.subject;

import dev.tutti.bus.Bus;
import dev.tutti.core.Tutti;
import dev.tutti.core.bus.ClusterSecret;
import dev.tutti.core.member.MembershipSettings;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBus;
import dev.tutti.postgres.PostgresBusSettings;
import dev.tutti.postgres.ControlConnection;
import dev.tutti.postgres.PostgresMemberStore;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresStreamStore;
import dev.tutti.redis.RedisAddress;
import dev.tutti.redis.RedisBus;
import dev.tutti.redis.RedisSettings;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What an instance needs to be one of several that share a database, put together as the server does it.
 *
 * @param line its line for heartbeats and notifications
 * @param pool its connections
 * @param instance over them
 */
record OneOfSeveral(ControlConnection line, PostgresPool pool, Tutti.Builder instance) implements AutoCloseable {
    private static final RetentionPolicy WEEK = RetentionPolicy.of(Retention.of(Duration.ofDays(7)));

    /** One over the database at {@code address}, with {@code redis} as the bus if there is one. */
    static OneOfSeveral open(PostgresAddress address, Optional<String> redis) {
        PostgresPoolSettings settings = PostgresPoolSettings.of(address).named("tutti " + UUID.randomUUID());
        ControlConnection line = new ControlConnection(settings);
        PostgresPool pool = new PostgresPool(settings);
        try {
            PostgresStreamStore store = PostgresStreamStore.open(pool, WEEK);
            Bus bus = redis.<Bus>map(url -> new RedisBus(RedisSettings.of(RedisAddress.parse(url))))
                    .orElseGet(() -> new PostgresBus(pool, line, PostgresBusSettings.DEFAULT));
            Tutti.Builder instance = Tutti.over(store)
                    .members(new PostgresMemberStore(line, settings.sessions()), MembershipSettings.DEFAULT)
                    .bus(bus)
                    .secret(ClusterSecret.of("a secret of the tests, and of no one else", Optional.empty()));
            return new OneOfSeveral(line, pool, instance);
        } catch (RuntimeException failure) {
            pool.close();
            line.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        pool.close();
        line.close();
    }
}
