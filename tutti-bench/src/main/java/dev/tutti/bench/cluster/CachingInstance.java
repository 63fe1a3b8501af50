package dev.tutti.bench.cluster;

import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.core.Tutti;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.redis.RedisBackend;
import dev.tutti.redis.RedisUse;

/** An instance over one database, whose bus and second level are one Redis, and a cache of its. Safe for use by many threads. */
final class CachingInstance implements AutoCloseable {
    /** Connections to the database of all instances together. */
    static final int CONNECTIONS = 40;

    private final Tutti tutti;
    private final Cache<String> cache;

    CachingInstance(String database, String redis) {
        tutti = Tutti.on(PostgresBackend.at(PostgresAddress.parse(database))
                        .connections(CONNECTIONS, 2)
                        .open())
                .with(RedisBackend.open(redis, RedisUse.BUS, RedisUse.CACHE))
                .secret("a secret of the benchmark, and of no one else")
                .start();
        cache = tutti.caches().cache("bench", CacheSettings.DEFAULT, String.class);
    }

    Cache<String> cache() {
        return cache;
    }

    /** How many other instances it knows. */
    int others() {
        return tutti.members().others().size();
    }

    /** How many instances wait for a load, by word of this one. */
    int waiting() {
        return (int) tutti.meters().get("tutti.cache.waiting").gauge().value();
    }

    @Override
    public void close() {
        tutti.close();
    }
}
