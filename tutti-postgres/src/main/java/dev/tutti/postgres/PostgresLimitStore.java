package dev.tutti.postgres;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Periodic;
import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import dev.tutti.postgres.sql.Sql;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rate limits in PostgreSQL, by the server's clock: one statement takes, and the row's lock puts takers in order. Full buckets are
 * dropped once a minute. Safe for use by many threads; blocks.
 */
public final class PostgresLimitStore implements LimitStore, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresLimitStore.class);
    private static final Sql TAKE = Sql.resource(PostgresLimitStore.class, "limit/take");
    private static final Sql SWEEP = Sql.resource(PostgresLimitStore.class, "limit/sweep");
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    private final ConnectionLender connections;
    private final Periodic sweeping;

    /** Over {@code database}, whose schema is up to date. */
    public PostgresLimitStore(DataSource database) {
        this.connections = new ConnectionLender(database, TIMEOUT);
        this.sweeping = new Periodic("tutti-limit-sweep", SWEEP_EVERY, this::sweep);
    }

    @Override
    public Taken take(String bucket, RateLimit limit, long wanted) {
        Map<String, Object> values =
                Map.of("bucket", bucket, "wanted", wanted, "burst", limit.burst(), "step", limit.stepMicros());
        return connections
                .run(connection -> TAKE.first(
                        connection, row -> limit.taken(row.getLong("granted"), row.getLong("missing")), values))
                .orElseThrow();
    }

    private void sweep() {
        try {
            int swept = connections.run(connection -> SWEEP.update(connection));
            log.debug("{} full buckets are dropped", swept);
        } catch (TuttiException away) {
            log.debug("Full buckets are dropped later", away);
        }
    }

    @Override
    public void close() {
        sweeping.close();
    }
}
