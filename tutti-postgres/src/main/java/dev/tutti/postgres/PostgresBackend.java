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
 * A backend that keeps everything in one PostgreSQL, 14 or newer: streams, members, the bus, recovery. Opening it brings the tables
 * up to date, and nothing connects before that; the connections of all instances together stay within one budget. Safe for use by
 * many threads.
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
            new ConcurrentLinkedDeque<>(); // the first one is that of what was opened last
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
                    members::renewPool); // or idle ones that vanished with it cost the next users some seconds each
            replicaPool = Optional.ofNullable(chosen.replica)
                    .map(settingsOfReplica -> new PostgresPool(settingsOfReplica.pool(settings.sessions())));
            replicaPool.ifPresent(copy -> closings.push(copy::close));
            replica =
                    replicaPool.map(copy -> new StreamingReplica(pool, copy, copy::renew, settings.sessions(), meters));
            replica.ifPresent(copy -> closings.push(copy::close));
            replica.ifPresent(pool::readFrom); // before anybody is given the pool
            streams = new PostgresStreamStore(pool, chosen.retention, settings.statement(), control);
            recovery = new PostgresRecoveryStore(pool, settings.statement());
            leases = new PostgresLeaseStore(control);
            feeds = new PostgresFeedStore(pool, control, settings.statement());
            jobs = new PostgresJobs(pool, control::listen, chosen.jobs, meters);
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
     * One in the database at {@code url}, such as {@code postgresql://user:password@host/database?sslmode=verify-full}, which
     * keeps events for 30 days, see {@link Builder#retention}. Blocks while it brings the tables up to date.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read, or leaves open how the link is protected
     * @throws dev.tutti.TuttiException if the database cannot be used; the message says what to do
     */
    public static PostgresBackend open(String url) {
        return at(PostgresAddress.parse(url)).open();
    }

    /** One at {@code address}, with all that can be chosen. */
    public static Builder at(PostgresAddress address) {
        return new Builder(PostgresPoolSettings.of(address));
    }

    /** The instance's one pool, for tables of one's own. */
    public DataSource database() {
        return pool;
    }

    /** The replica that is read from, if there is one; its check tells how it is. */
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
     * Whether the database has what it needs and takes writes. An instance that is only busy is degraded, and goes on getting
     * requests: the others would have to take them too.
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

    /** Closes all of it, whatever some of that throws. Idempotent. */
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

    /** How it shall be. Not safe for use by several threads. */
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

        /** Where the server itself is, if {@link #at} leads through a pooler. */
        public Builder direct(PostgresAddress address) {
            this.direct = Optional.of(address);
            return this;
        }

        /** A streaming replica, which answers what only reads, as far as it has what the primary has; none unless set. */
        public Builder replica(PostgresReplicaSettings replicaSettings) {
            this.replica = replicaSettings;
            return this;
        }

        /**
         * How many connections all instances together may have, and how many of this one stay open when nobody needs them; 10 and
         * 2 unless set.
         *
         * @param most 1 to 1,000
         * @param least 0 to {@code most}
         */
        public Builder connections(int most, int least) {
            this.settings = settings.withConnections(most, least);
            return this;
        }

        /**
         * How long the events of which streams are kept; 30 days unless set, as the server keeps the kinds that nobody names. The
         * same for all instances of a database: the shortest age of those says when events of such kinds are deleted.
         */
        public Builder retention(RetentionPolicy policy) {
            this.retention = policy;
            return this;
        }

        /** How the bus uses notifications; the same for all instances. */
        public Builder bus(PostgresBusSettings busSettings) {
            this.bus = busSettings;
            return this;
        }

        /** How jobs are run; {@link PostgresJobSettings#DEFAULT} unless set. */
        public Builder jobs(PostgresJobSettings jobSettings) {
            this.jobs = jobSettings;
            return this;
        }

        /** Tables that are brought up to date, and looked at, together with its own. */
        public Builder schema(MigratedSchema more) {
            this.schemas.add(more);
            return this;
        }

        /**
         * Where the pool (by HikariCP's names), jobs and the replica report what they measure; nowhere unless set. The registry of
         * the instance does not reach the backend.
         */
        public Builder meters(MeterRegistry registry) {
            this.meters = registry;
            return this;
        }

        /**
         * Looks at the database, brings its tables up to date, and opens it. Blocks.
         *
         * @throws IllegalArgumentException if an address leaves open how the link is protected
         * @throws dev.tutti.TuttiException if the database cannot be used; the message says what to do
         */
        public PostgresBackend open() {
            Optional.ofNullable(replica)
                    .ifPresent(copy -> PreparedDatabase.requireProtection(copy.address(), REPLICA_URL));
            return new PostgresBackend(this, PreparedDatabase.prepared(settings, direct, schemas));
        }
    }
}
