package dev.tutti.postgres;

import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.TransactionalLeaseStore;
import dev.tutti.postgres.sql.PostgresFailure;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases in PostgreSQL, by the server's clock. They are taken and renewed on the connection that heartbeats use, so that a pool
 * that is used up costs nobody a lease. Leases that nobody has had for long are removed when others are given back. Safe for use by
 * many threads; blocks.
 */
public final class PostgresLeaseStore implements TransactionalLeaseStore {
    private static final Logger log = LoggerFactory.getLogger(PostgresLeaseStore.class);
    private static final Sql ACQUIRE = Sql.resource(PostgresLeaseStore.class, "lease/acquire");
    private static final Sql RENEW = Sql.resource(PostgresLeaseStore.class, "lease/renew");
    private static final Sql RELEASE = Sql.resource(PostgresLeaseStore.class, "lease/release");
    private static final Sql FIND = Sql.resource(PostgresLeaseStore.class, "lease/find");
    private static final Sql FORGET = Sql.resource(PostgresLeaseStore.class, "lease/forget");
    private static final int FENCE_SECONDS = 2; // in a transaction of others; the connection leaves the rest as much
    private static final Sql FENCE =
            Sql.resource(PostgresLeaseStore.class, "lease/fence").within(FENCE_SECONDS);
    private static final int MOST_FORGOTTEN = 500; // at a time, as heartbeats go over the same connection
    private static final double NANOS = 1e9;

    private final ControlConnection control;

    /** Over {@code control}, to a database whose schema is up to date. */
    public PostgresLeaseStore(ControlConnection control) {
        this.control = control;
    }

    @Override
    public List<LeaseState> acquire(Collection<LeaseClaim> claims, Duration ttl) {
        Map<String, Object> values = Map.of(
                "names", texts(claims, LeaseClaim::name),
                "claimants", texts(claims, claim -> claim.claimant().toString()),
                "free", claims.stream().map(claim -> seconds(claim.freeFor())).toArray(Double[]::new),
                "ttl", seconds(ttl));
        return run(connection -> ACQUIRE.list(connection, PostgresLeaseStore::state, values));
    }

    @Override
    public Set<LeaseGrant> renew(Collection<LeaseGrant> grants, Duration ttl) {
        Map<String, Object> values =
                Map.of("names", texts(grants, LeaseGrant::name), "tokens", tokens(grants), "ttl", seconds(ttl));
        List<LeaseGrant> renewed = run(connection -> RENEW.list(connection, PostgresLeaseStore::grant, values));
        return new HashSet<>(renewed);
    }

    @Override
    public void release(Collection<LeaseGrant> grants) {
        Map<String, Object> values = Map.of("names", texts(grants, LeaseGrant::name), "tokens", tokens(grants));
        int released = run(connection -> {
            int count = RELEASE.update(connection, values);
            forget(connection);
            return count;
        });
        log.debug("{} of {} leases are given back", released, grants.size());
    }

    /** Removes leases that nobody has had for long, if that was not done lately. A failure is no failure of what was done before. */
    private static void forget(Connection connection) {
        Map<String, Object> values = Map.of("age", seconds(FORGOTTEN_AFTER), "most", MOST_FORGOTTEN);
        try {
            FORGET.list(connection, _ -> true, values);
        } catch (SQLException later) {
            log.debug("Leases that nobody has are removed later", later);
        }
    }

    @Override
    public Optional<LeaseState> find(String name) {
        return run(connection -> FIND.first(connection, PostgresLeaseStore::state, Map.of("name", name)));
    }

    @Override
    public boolean fence(Connection transaction, LeaseGrant grant, Duration pause) throws SQLException {
        Map<String, Object> values =
                Map.of("name", grant.name(), "token", grant.token(), "pause", Long.toString(pause.toMillis()));
        return FENCE.first(transaction, _ -> true, values).isPresent();
    }

    private static LeaseState state(ResultSet row) throws SQLException {
        Duration left = Duration.ofNanos(Math.round(row.getDouble("seconds") * NANOS));
        return new LeaseState(grant(row), row.getObject("holder", UUID.class), left);
    }

    private static LeaseGrant grant(ResultSet row) throws SQLException {
        return new LeaseGrant(row.getString("name"), row.getLong("token"));
    }

    private static <T> String[] texts(Collection<T> values, Function<T, String> text) {
        return values.stream().map(text).toArray(String[]::new);
    }

    private static String[] tokens(Collection<LeaseGrant> grants) {
        return texts(grants, grant -> Long.toString(grant.token()));
    }

    private static double seconds(Duration ttl) {
        return ttl.toNanos() / NANOS;
    }

    private <T> T run(ControlConnection.Task<T> task) {
        try {
            return control.run(task);
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }
}
