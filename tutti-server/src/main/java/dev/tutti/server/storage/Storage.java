package dev.tutti.server.storage;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.bus.Bus;
import dev.tutti.core.Tutti;
import dev.tutti.core.bus.ClusterSecret;
import dev.tutti.core.health.Health;
import dev.tutti.core.health.Status;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.core.member.MembershipSettings;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.postgres.ConnectionBudget;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBus;
import dev.tutti.postgres.PostgresBusSettings;
import dev.tutti.postgres.ControlConnection;
import dev.tutti.postgres.PostgresMemberStore;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresRecoveryStore;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.postgres.PostgresStreamStore;
import dev.tutti.redis.RedisBus;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.Setting;
import dev.tutti.server.config.Settings;
import dev.tutti.server.sql.FeatureSchema;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an instance keeps what must not be lost, and finds its equals: in a PostgreSQL of its own, which it starts, or in
 * the one that {@code DATABASE_URL} names. Its tables are up to date. Safe for use by many threads.
 */
public final class Storage {
    private static final Logger log = LoggerFactory.getLogger(Storage.class);
    private static final Duration JOIN_WITHIN = Duration.ofSeconds(15);

    private final PostgresPool pool;
    private final PostgresStreamStore streams;
    private final PostgresRecoveryStore recoveries;
    private final ConnectionBudget members;
    private final Optional<RedisBus> redis;
    private final Bus bus;
    private final String tokenSecret;
    private final ClusterSecret clusterSecret;

    private Storage(Configuration configuration, PreparedDatabase database, MeterRegistry meters, Lifecycle parts) {
        PostgresPoolSettings settings = database.pool();
        ControlConnection line = parts.started("line to the database", new ControlConnection(database.direct()));
        pool = parts.started("connection pool", new PostgresPool(settings));
        PoolMetrics.register(pool, meters);
        members = new ConnectionBudget(
                new PostgresMemberStore(line, settings.sessions()),
                line,
                pool,
                settings.maxConnections(),
                MembershipSettings.DEFAULT.silence(),
                JOIN_WITHIN);
        streams = new PostgresStreamStore(pool, configuration.value(Settings.STREAM_RETENTION), settings.statement());
        recoveries = new PostgresRecoveryStore(pool, settings.statement());
        redis = RedisStorage.bus(configuration, meters);
        bus = redis.isPresent() ? redis.get() : notifications(pool, line, configuration, meters);
        tokenSecret = tokenSecret(configuration);
        clusterSecret = ClusterSecret.of(tokenSecret, configuration.value(Settings.JWT_SECRET_PREVIOUS));
    }

    private static Bus notifications(
            PostgresPool pool, ControlConnection line, Configuration configuration, MeterRegistry meters) {
        PostgresBus notifications = new PostgresBus(
                pool, line, PostgresBusSettings.DEFAULT.withChannel(configuration.value(Settings.BUS_CHANNEL)));
        BusMetrics.register(notifications, meters);
        return notifications;
    }

    /**
     * Opens it; what has to be closed is noted in {@code parts}.
     *
     * @throws TuttiException if that is not possible; the message says what to do
     */
    public static Storage open(Configuration configuration, MeterRegistry meters, Lifecycle parts) {
        PostgresPoolSettings settings = PostgresPoolSettings.of(own(configuration, parts))
                .withConnections(
                        configuration.value(Settings.DB_MAX_CONNECTIONS),
                        configuration.value(Settings.DB_MIN_CONNECTIONS))
                .named("tutti " + UUID.randomUUID());
        Optional<PostgresAddress> direct = address(configuration, Settings.DATABASE_DIRECT_URL);
        return new Storage(configuration, PreparedDatabase.prepared(settings, direct), meters, parts);
    }

    private static PostgresAddress own(Configuration configuration, Lifecycle parts) {
        Optional<PostgresAddress> theirs = address(configuration, Settings.DATABASE_URL);
        if (theirs.isPresent()) {
            return theirs.get();
        }
        EmbeddedDatabase embedded = parts.started(
                "embedded PostgreSQL",
                EmbeddedDatabase.start(DataDirectory.of(configuration).database()),
                (database, deadline) -> database.close(deadline.left()));
        return PostgresAddress.parse(embedded.url());
    }

    private static Optional<PostgresAddress> address(Configuration configuration, Setting<Optional<String>> setting) {
        try {
            Optional<PostgresAddress> address = configuration.value(setting).map(PostgresAddress::parse);
            address.ifPresent(each -> requireProtection(each, setting.name()));
            return address;
        } catch (IllegalArgumentException refused) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, String.valueOf(refused.getMessage()), refused);
        }
    }

    private static void requireProtection(PostgresAddress address, String setting) {
        address.requireProtection(setting);
        switch (address.protection()) {
            case UNVERIFIED ->
                log.warn(
                        "{}: the link to the database is encrypted, but the server does not prove who it is;"
                                + " sslmode=verify-full lets it",
                        setting);
            case NONE ->
                log.warn(
                        "{}: the link to the database is not encrypted, as sslmode=disable says; the network must be"
                                + " trusted",
                        setting);
            case LOCAL, VERIFIED, UNSAID -> log.debug("{}: {}", setting, address.protection());
        }
    }

    /** An instance over it, called after, one of as many as use the same database. */
    public Tutti.Builder tutti() {
        return Tutti.over(streams)
                .members(members, MembershipSettings.DEFAULT)
                .bus(bus)
                .secret(clusterSecret)
                .recoveries(recoveries);
    }

    /** The tables of the features, through the instance's one pool. */
    public DataSource database() {
        return pool;
    }

    /** What access tokens are signed with. */
    public String tokenSecret() {
        return tokenSecret;
    }

    /** Adds what it depends on to {@code health}. */
    public void watch(Health health) {
        health.require("database", this::check);
        redis.ifPresent(each -> RedisStorage.watch(each, health));
    }

    /**
     * Whether the database has what it needs and takes writes. An instance that is only busy goes on getting requests: the
     * others would have to take them too.
     */
    private Status check() throws SQLException {
        members.requireCommits();
        try (Connection connection = pool.getConnection()) {
            PostgresSchema.requireUsable(connection);
            FeatureSchema.requireUsable(connection);
            return Status.HEALTHY;
        } catch (SQLTransientConnectionException none) {
            if (PostgresPool.isBusy(none)) {
                return Status.DEGRADED;
            }
            throw none;
        }
    }

    /** As configured, or the embedded database's own; which of the two is allowed was checked with the configuration. */
    private static String tokenSecret(Configuration configuration) {
        return configuration.value(Settings.JWT_SECRET).orElseGet(DataDirectory.of(configuration)::tokenSecret);
    }
}
