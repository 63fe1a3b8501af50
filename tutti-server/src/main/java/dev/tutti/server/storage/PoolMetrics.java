package dev.tutti.server.storage;

import dev.tutti.postgres.PostgresPool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What the pool of database connections tells about itself. */
final class PoolMetrics {
    /** Connections in use. */
    static final String ACTIVE = "tutti.database.connections.active";
    /** Connections that are open and not in use. */
    static final String IDLE = "tutti.database.connections.idle";
    /** Connections there may be. */
    static final String MAX = "tutti.database.connections.max";
    /** Threads that wait for a connection. */
    static final String WAITING = "tutti.database.connections.waiting";

    private PoolMetrics() {}

    static void register(PostgresPool pool, MeterRegistry meters) {
        Gauge.builder(ACTIVE, pool, PostgresPool::active)
                .description("Database connections in use")
                .register(meters);
        Gauge.builder(IDLE, pool, PostgresPool::idle)
                .description("Database connections open and not in use")
                .register(meters);
        Gauge.builder(MAX, pool, PostgresPool::size)
                .description("Database connections that this instance may have in its pool")
                .register(meters);
        Gauge.builder(WAITING, pool, PostgresPool::waiting)
                .description("Threads that wait for a database connection")
                .register(meters);
    }
}
