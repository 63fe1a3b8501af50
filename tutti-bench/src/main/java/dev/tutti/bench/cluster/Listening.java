package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.postgres.ControlConnection;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBus;
import dev.tutti.postgres.PostgresBusSettings;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.redis.RedisAddress;
import dev.tutti.redis.RedisBus;
import dev.tutti.redis.RedisSettings;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** One instance's end of a bus, which counts what comes. Safe for use by many threads. */
final class Listening implements AutoCloseable {
    /** How an end is made. */
    interface Start {
        /** A new one, which hears. */
        Listening start();
    }

    private static final int HELLO_BYTES = 1;

    private final Bus bus;
    private final List<AutoCloseable> parts;
    private final LongAdder heard = new LongAdder();
    private final Set<String> greeted = ConcurrentHashMap.newKeySet(); // topics, one per end

    private Listening(Bus bus, List<AutoCloseable> parts) {
        this.bus = bus;
        this.parts = parts;
        bus.start(new BusListener() {
            @Override
            public void onMessage(String topic, byte[] payload) {
                if (payload.length == HELLO_BYTES) {
                    greeted.add(topic);
                } else {
                    heard.increment();
                }
            }

            @Override
            public void onGap() {
                // what is lost is missing in the end
            }
        });
    }

    /** One in the database at {@code url}. */
    static Listening postgres(String url) {
        PostgresPoolSettings settings =
                PostgresPoolSettings.of(PostgresAddress.parse(url)).withConnections(2, 1);
        PostgresPool pool = new PostgresPool(settings);
        PostgresSchema.migrate(pool);
        ControlConnection control = new ControlConnection(settings);
        PostgresBus bus = new PostgresBus(pool, control, PostgresBusSettings.DEFAULT);
        return new Listening(bus, List.of(bus, control, pool));
    }

    /** One over the Redis at {@code url}; what it is sent it has asked for. */
    static Listening redis(String url) {
        RedisBus bus = new RedisBus(RedisSettings.of(RedisAddress.parse(url)));
        return new Listening(bus, List.of(bus));
    }

    Bus bus() {
        return bus;
    }

    /** Says something on {@code topic} that is not counted, so that it may come late. */
    void greet(String topic) {
        bus.publish(topic, new byte[HELLO_BYTES]);
    }

    /** Whether somebody else's {@link #greet} on {@code topic} has been heard. */
    boolean isGreeted(String topic) {
        return greeted.contains(topic);
    }

    /** How many messages came, those that greet aside. */
    long heard() {
        return heard.sum();
    }

    long ignored() {
        return bus.counts().ignored();
    }

    long dropped() {
        return bus.counts().dropped();
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception failure) {
                throw new BenchException("cannot close an end of the bus", failure);
            }
        }
    }
}
