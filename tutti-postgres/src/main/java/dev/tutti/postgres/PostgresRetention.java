package dev.tutti.postgres;

import dev.tutti.postgres.sql.NetworkBound;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions that a {@link RetentionPolicy} will need and drops those it no longer keeps. Each statement is a
 * transaction of its own, so that locks are held for a moment only. Any number of instances may do it at once.
 */
final class PostgresRetention {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresRetention.class);
    private static final Sql REBASE = Sql.resource(PostgresRetention.class, "stream/rebase");
    private static final Sql DECLARE = Sql.resource(PostgresRetention.class, "stream/declare");
    private static final Sql COVER_AHEAD = Sql.resource(PostgresRetention.class, "stream/cover_ahead");
    private static final Sql DROP_EXPIRED = Sql.resource(PostgresRetention.class, "stream/drop_expired");

    /** Of the partitions of a kind about this many are kept, and each one more costs every statement a little. */
    private static final int PARTITIONS = 8;

    /** How long the server may be silent about what has no limit in time. */
    private static final Duration UNHURRIED = Duration.ofDays(1);

    private static final Duration LEAST_WIDTH = Duration.ofHours(1);
    private static final Duration MOST = Duration.ofDays(365_000); // PostgreSQL's intervals end, and so do its times

    private final RetentionPolicy policy;

    PostgresRetention(RetentionPolicy policy) {
        this.policy = policy;
    }

    /** On a connection that commits by itself. */
    void retain(Connection connection) throws SQLException {
        if (unhurried(connection, REBASE, Map.of())) {
            LOG.warn("This database was restored from another one: clients that resume will be told of gaps");
        }
        declare(connection, "", policy.others());
        for (Map.Entry<String, Retention> kind : policy.kinds().entrySet()) {
            declare(connection, kind.getKey(), kind.getValue());
        }
        Optional<String> _ = unawaited(connection, COVER_AHEAD, Map.of());
        dropExpired(connection);
    }

    private static void declare(Connection connection, String kind, Retention retention) throws SQLException {
        Map<String, Object> parameters = Map.of("kind", kind, "width", seconds(width(retention.maxAge())));
        if (!unhurried(connection, DECLARE, parameters)) {
            LOG.info("Kind '{}' gets partitions of its own later: another transaction is in the way", kind);
        }
    }

    /** Without a limit in time, because it may have to touch all events that are there, which happens once in a life. */
    private static boolean unhurried(Connection connection, Sql sql, Map<String, Object> parameters)
            throws SQLException {
        connection.setAutoCommit(false);
        int bound = connection.getNetworkTimeout();
        NetworkBound.put(connection, UNHURRIED);
        try (Statement unlimited = connection.createStatement()) {
            unlimited.execute("set local statement_timeout = 0");
            boolean answer =
                    sql.first(connection, row -> row.getBoolean(1), parameters).orElse(false);
            connection.commit();
            connection.setNetworkTimeout(Runnable::run, bound);
            connection.setAutoCommit(true);
            return answer;
        } catch (Throwable failure) {
            rollBackAfter(failure, connection);
            throw failure;
        }
    }

    /** Rolls back on a connection that {@code failure} may have broken. A second failure is told with the first, and not in its place. */
    private static void rollBackAfter(Throwable failure, Connection connection) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /**
     * The answer of {@code sql}, which counts as done also if its commit was not awaited, so that an instance starts while a standby is
     * away: a partition without events that a standby lacks, or one that is dropped once more after a failover, harms nobody.
     */
    private static Optional<String> unawaited(Connection connection, Sql sql, Map<String, Object> parameters)
            throws SQLException {
        try (PreparedStatement statement = sql.prepare(connection, parameters);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        }
    }

    private void dropExpired(Connection connection) throws SQLException {
        List<String> kinds = new ArrayList<>();
        List<Double> ages = new ArrayList<>();
        policy.kinds().forEach((kind, retention) -> {
            kinds.add(kind);
            ages.add(seconds(retention.maxAge()));
        });
        Map<String, Object> parameters = Map.of(
                "kinds", kinds.toArray(String[]::new),
                "ages", ages.toArray(Double[]::new),
                "other_age", seconds(policy.others().maxAge()));
        Optional<String> dropped;
        do {
            dropped = unawaited(connection, DROP_EXPIRED, parameters);
            dropped.ifPresent(name -> LOG.info("Dropped {}, in which everything was older than it is kept", name));
        } while (dropped.isPresent());
    }

    static Duration width(Duration maxAge) {
        return Collections.max(
                List.of(LEAST_WIDTH, Collections.min(List.of(MOST, maxAge)).dividedBy(PARTITIONS)));
    }

    static double seconds(Duration duration) {
        return Collections.min(List.of(MOST, duration)).toMillis() / 1000.0;
    }
}
