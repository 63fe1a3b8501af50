package dev.tutti.postgres;

import dev.tutti.backend.Backend;
import dev.tutti.bus.Bus;
import dev.tutti.concurrent.Failures;
import dev.tutti.feed.FeedStore;
import dev.tutti.health.Status;
import dev.tutti.job.JobRunner;
import dev.tutti.lease.LeaseStore;
import dev.tutti.limit.LimitStore;
import dev.tutti.member.MemberStore;
import dev.tutti.postgres.job.PostgresJobSettings;
import dev.tutti.postgres.job.PostgresJobs;
import dev.tutti.postgres.replica.StreamingReplica;
import dev.tutti.postgres.sql.MigratedSchema;
import dev.tutti.postgres.sql.NetworkBound;
import dev.tutti.recovery.RecoveryStore;
import dev.tutti.session.AttributeStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A backend that stores everything in one PostgreSQL, 14 or newer: streams, members, the bus, recovery, leases, feeds, rate limits,
 * attributes of sessions, and jobs. Opening it first migrates the tables. The connections of all instances together stay within one
 * budget. Safe for use by many threads.
 */
public final class PostgresBackend implements Backend {
    private static final String REPLICA_URL = "DATABASE_READ_REPLICA_URL";
    private static final Duration JOIN_WITHIN = Duration.ofSeconds(15);
    private static final Duration CHECK_WITHIN = Duration.ofSeconds(2);

    private final ControlConnection control;
    private final PostgresPool pool;
    private final Optional<PostgresPool> replicaPool;
    private final Optional<StreamingReplica> replica;
    private final ConnectionBudget members;
    private final PostgresStreamStore streams;
    private final PostgresRecoveryStore recovery;
    private final PostgresLeaseStore leases;
    private final PostgresFeedStore feeds;
    private final PostgresLimitStore limits;
    private final PostgresAttributeStore attributes;
    private final PostgresJobs jobs;
    private final List<MigratedSchema> schemas;
    private final PostgresBusSettings busSettings;
    private final Deque<Runnable> closings =
            new ConcurrentLinkedDeque<>(); // the first one closes the part that was opened last
    private @Nullable PostgresBus bus;

    private PostgresBackend(Builder chosen, PreparedDatabase database) {
        PostgresPoolSettings settings = database.pool();
        schemas = List.copyOf(chosen.schemas);
        busSettings = chosen.bus;
        try {
            control = new ControlConnection(database.direct());
            closings.push(control::close);
            pool = new PostgresPool(settings, Optional.ofNullable(chosen.meters));
            closings.push(pool::close);
            MeterRegistry meters = Optional.ofNullable(chosen.meters).orElseGet(SimpleMeterRegistry::new);
            members = new ConnectionBudget(
                    new PostgresMemberStore(control, settings.sessions()),
                    control,
                    pool,
                    settings.maxConnections(),
                    JOIN_WITHIN,
                    System::nanoTime);
            control.onLoss(
                    members::renewPool); // otherwise idle ones that vanished with it cost each next user some seconds
            replicaPool = Optional.ofNullable(chosen.replica)
                    .map(settingsOfReplica -> new PostgresPool(settingsOfReplica.pool(settings.sessions())));
            replicaPool.ifPresent(copy -> closings.push(copy::close));
            replica =
                    replicaPool.map(copy -> new StreamingReplica(pool, copy, copy::renew, settings.sessions(), meters));
            replica.ifPresent(copy -> closings.push(copy::close));
            replica.ifPresent(pool::readFrom); // before any part is given the pool
            streams = new PostgresStreamStore(pool, chosen.retention, settings.statement(), control);
            recovery = new PostgresRecoveryStore(pool, settings.statement());
            leases = new PostgresLeaseStore(control);
            feeds = new PostgresFeedStore(pool, control, settings.statement());
            jobs = new PostgresJobs(pool, control::listen, chosen.jobs, System::nanoTime, meters);
            closings.push(jobs::close);
            limits = new PostgresLimitStore(pool);
            closings.push(limits::close);
            attributes = new PostgresAttributeStore(pool);
            closings.push(attributes::close);
        } catch (RuntimeException | Error failure) {
            Failures.guard("Closing what was opened of a database", this::close);
            throw failure;
        }
    }

    /**
     * Opens a backend in the database at {@code url}, such as {@code postgresql://user:password@host/database?sslmode=verify-full}. It
     * keeps events for 30 days; {@link Builder#retention} changes this. Blocks while it migrates the tables.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read, or does not say how its connection is protected
     * @throws dev.tutti.TuttiException if the database cannot be used; the message says what to do
     */
    public static PostgresBackend open(String url) {
        return at(PostgresAddress.parse(url)).open();
    }

    /** A builder for a backend at {@code address}, with all options. */
    public static Builder at(PostgresAddress address) {
        return new Builder(PostgresPoolSettings.of(address));
    }

    /** The connection pool of this instance, also for an application's own tables. */
    public DataSource database() {
        return pool;
    }

    /** The replica for reads, if there is one; its check reports its state. */
    public Optional<StreamingReplica> replica() {
        return replica;
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public Optional<StreamStore> streams() {
        return Optional.of(streams);
    }

    @Override
    public Optional<MemberStore> members() {
        return Optional.of(members);
    }

    @Override
    public synchronized Optional<Bus> bus() {
        PostgresBus current = bus;
        if (current == null) {
            current = new PostgresBus(pool, control, busSettings);
            bus = current;
        }
        return Optional.of(current);
    }

    @Override
    public Optional<RecoveryStore> recovery() {
        return Optional.of(recovery);
    }

    @Override
    public Optional<LeaseStore> leases() {
        return Optional.of(leases);
    }

    @Override
    public Optional<FeedStore> feeds() {
        return Optional.of(feeds);
    }

    @Override
    public Optional<LimitStore> limits() {
        return Optional.of(limits);
    }

    @Override
    public Optional<AttributeStore> attributes() {
        return Optional.of(attributes);
    }

    @Override
    public Optional<JobRunner> jobs() {
        return Optional.of(jobs);
    }

    /**
     * Checks that the database has the tables and functions of this release, and accepts writes. If only the pool is busy, the answer is
     * degraded, and the instance still gets requests: otherwise the other instances would get them in addition to their own.
     */
    @Override
    public Status check() throws SQLException {
        members.requireCommits();
        try (Connection connection = pool.getConnection()) {
            NetworkBound.narrow(connection, CHECK_WITHIN);
            PostgresSchema.requireUsable(connection);
            for (MigratedSchema schema : schemas) {
                schema.requireUsable(connection);
            }
            return Status.HEALTHY;
        } catch (SQLTransientConnectionException none) {
            if (PostgresPool.isBusy(none)) {
                return Status.DEGRADED;
            }
            throw none;
        }
    }

    /** Closes all parts, even if some of them fail to close. Idempotent. */
    @Override
    public void close() {
        Throwable failed = null;
        for (Runnable next = closings.poll(); next != null; next = closings.poll()) {
            try {
                next.run();
            } catch (Throwable failure) { // an Error, too, must leave nothing open
                if (failed == null) {
                    failed = failure;
                } else {
                    failed.addSuppressed(failure);
                }
            }
        }
        switch (failed) {
            case null -> {}
            case Error error -> throw error;
            case RuntimeException failure -> throw failure;
            default -> throw new IllegalStateException("a part of the backend did not close", failed);
        }
    }

    /** The options of a backend. Not safe for use by several threads. */
    public static final class Builder {
        private final List<MigratedSchema> schemas = new ArrayList<>();
        private PostgresPoolSettings settings;
        private Optional<PostgresAddress> direct = Optional.empty();
        private RetentionPolicy retention = RetentionPolicy.of(Retention.of(Duration.ofDays(30)));
        private PostgresBusSettings bus = PostgresBusSettings.DEFAULT;
        private PostgresJobSettings jobs = PostgresJobSettings.DEFAULT;
        private @Nullable MeterRegistry meters;
        private @Nullable PostgresReplicaSettings replica;

        private Builder(PostgresPoolSettings settings) {
            this.settings = settings.named("tutti " + UUID.randomUUID());
        }

        /** The address of the server itself, if the address of {@link #at} is that of a pooler. */
        public Builder direct(PostgresAddress address) {
            this.direct = Optional.of(address);
            return this;
        }

        /** A streaming replica. It answers a read if it has replayed the primary's log far enough. By default there is none. */
        public Builder replica(PostgresReplicaSettings replicaSettings) {
            this.replica = replicaSettings;
            return this;
        }

        /**
         * The number of connections; by default 10 and 2.
         *
         * @param most of all instances together, 1 to 1,000
         * @param least of this instance that stay open while they are idle, 0 to {@code most}
         */
        public Builder connections(int most, int least) {
            this.settings = settings.withConnections(most, least);
            return this;
        }

        /**
         * The time for which events are kept, per kind of stream; by default 30 days for all kinds. Use the same policy at all instances
         * of a database: otherwise the shortest age for a kind decides when its events are deleted.
         */
        public Builder retention(RetentionPolicy policy) {
            this.retention = policy;
            return this;
        }

        /** The settings of the bus over notifications. Use the same at all instances. */
        public Builder bus(PostgresBusSettings busSettings) {
            this.bus = busSettings;
            return this;
        }

        /** The settings for running jobs; by default {@link PostgresJobSettings#DEFAULT}. */
        public Builder jobs(PostgresJobSettings jobSettings) {
            this.jobs = jobSettings;
            return this;
        }

        /** More tables, which are migrated and checked together with those of the backend. */
        public Builder schema(MigratedSchema more) {
            this.schemas.add(more);
            return this;
        }

        /**
         * The registry for the metrics of the pool (by HikariCP's names), of jobs and of the replica. By default these metrics are not
         * reported: the backend does not get the registry of the instance.
         */
        public Builder meters(MeterRegistry registry) {
            this.meters = registry;
            return this;
        }

        /**
         * Checks the database, migrates its tables, and opens it. Blocks.
         *
         * @throws IllegalArgumentException if an address does not say how its connection is protected
         * @throws dev.tutti.TuttiException if the database cannot be used; the message says what to do
         */
        public PostgresBackend open() {
            Optional.ofNullable(replica)
                    .ifPresent(copy -> PreparedDatabase.requireProtection(copy.address(), REPLICA_URL));
            return new PostgresBackend(this, PreparedDatabase.prepared(settings, direct, schemas));
        }
    }
}
