package dev.tutti.server.storage;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.ChatSchema;
import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.core.Tutti;
import dev.tutti.core.health.Health;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.core.session.SessionSettings;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.file.FileSchema;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.postgres.PostgresBusSettings;
import dev.tutti.postgres.PostgresReplicaSettings;
import dev.tutti.postgres.job.PostgresJobSettings;
import dev.tutti.server.config.BusSettings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import dev.tutti.server.config.EventSettings;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.JobSettings;
import dev.tutti.server.config.SessionStoreSettings;
import dev.tutti.server.config.Setting;
import dev.tutti.server.config.WorkSettings;
import dev.tutti.server.key.KeySchema;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * The place where an instance keeps what must not be lost, and finds its equals: a PostgreSQL of its own, which it starts, or
 * the one that {@code DATABASE_URL} names. Its messages go over Redis where there is one. Safe for use by many threads.
 */
public final class Storage {
    private final Configuration configuration;
    private final PostgresBackend postgres;
    private final String tokenSecret;

    private Storage(Configuration configuration, PostgresBackend postgres) {
        this.configuration = configuration;
        this.postgres = postgres;
        this.tokenSecret = configuration
                .value(IdentitySettings.JWT_SECRET)
                .orElseGet(DataDirectory.of(configuration)::tokenSecret);
    }

    /**
     * Opens it; everything that has to be closed is noted in {@code parts}.
     *
     * @throws TuttiException if that is not possible; the message says what to do
     */
    public static Storage open(Configuration configuration, MeterRegistry meters, Lifecycle parts) {
        PostgresBackend.Builder database = PostgresBackend.at(own(configuration, parts))
                .connections(
                        configuration.value(DatabaseSettings.DB_MAX_CONNECTIONS),
                        configuration.value(DatabaseSettings.DB_MIN_CONNECTIONS))
                .retention(configuration.value(EventSettings.STREAM_RETENTION))
                .bus(PostgresBusSettings.DEFAULT.withChannel(configuration.value(BusSettings.BUS_CHANNEL)))
                .jobs(jobs(configuration))
                .schema(new ChatSchema())
                .schema(new KeySchema())
                .schema(new FileSchema())
                .meters(meters);
        address(configuration, DatabaseSettings.DATABASE_DIRECT_URL).ifPresent(database::direct);
        address(configuration, DatabaseSettings.DATABASE_READ_REPLICA_URL)
                .map(replica -> new PostgresReplicaSettings(
                        replica, configuration.value(DatabaseSettings.DB_REPLICA_CONNECTIONS)))
                .ifPresent(database::replica);
        PostgresBackend postgres = parts.started("database", refusing(database::open));
        return new Storage(configuration, postgres);
    }

    private static PostgresJobSettings jobs(Configuration configuration) {
        boolean runs = configuration.value(WorkSettings.APP_MODE).runsWorkers();
        return new PostgresJobSettings(
                runs ? configuration.value(JobSettings.CONCURRENCY) : 0, configuration.value(JobSettings.RETENTION));
    }

    private static PostgresAddress own(Configuration configuration, Lifecycle parts) {
        Optional<PostgresAddress> theirs = address(configuration, DatabaseSettings.DATABASE_URL);
        if (theirs.isPresent()) {
            return theirs.get();
        }
        EmbeddedDatabase embedded = parts.started(
                "embedded PostgreSQL",
                EmbeddedDatabase.start(DataDirectory.of(configuration)
                        .database(configuration.value(DatabaseSettings.DB_MAX_CONNECTIONS))),
                (database, deadline) -> database.close(deadline.left()));
        return PostgresAddress.parse(embedded.url());
    }

    private static Optional<PostgresAddress> address(Configuration configuration, Setting<Optional<String>> setting) {
        return refusing(() -> configuration.value(setting).map(PostgresAddress::parse));
    }

    /** The result of {@code made}. A value that it refuses is a mistake in a setting. */
    private static <T> T refusing(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, String.valueOf(refused.getMessage()), refused);
        }
    }

    /**
     * An instance over it, called once, one of as many as use the same database.
     *
     * @throws TuttiException if a Redis of the configuration refuses this instance; the message says what to do
     */
    public Tutti.Builder tutti() {
        Tutti.Builder instance = Tutti.on(postgres)
                .secret(ClusterSecret.of(tokenSecret, configuration.value(IdentitySettings.JWT_SECRET_PREVIOUS)));
        RedisStorage.open(configuration).forEach(instance::with);
        return instance.sessions(new SessionSettings(
                secrets(SessionStoreSettings.SECRET, SessionStoreSettings.SECRET_PREVIOUS),
                secrets(SessionStoreSettings.ENCRYPTION_KEY, SessionStoreSettings.ENCRYPTION_KEY_PREVIOUS),
                configuration.value(SessionStoreSettings.TTL)));
    }

    /** The secret in use, and then those that are accepted: where none is set, those of the tokens. */
    private List<String> secrets(Setting<Optional<String>> current, Setting<List<String>> previous) {
        Optional<String> set = configuration.value(current);
        List<String> all = new ArrayList<>();
        all.add(set.orElse(tokenSecret));
        all.addAll(configuration.value(previous));
        if (set.isEmpty()) {
            all.addAll(configuration.value(IdentitySettings.JWT_SECRET_PREVIOUS));
        }
        return all;
    }

    /** Adds to {@code health} what is preferred, but can be done without: the replica. */
    public void prefer(Health health) {
        postgres.replica().ifPresent(replica -> health.prefer("replica", replica::check));
    }

    /** The tables of the features, through the instance's one pool. */
    public DataSource database() {
        return postgres.database();
    }

    /** The secret with which access tokens are signed. */
    public String tokenSecret() {
        return tokenSecret;
    }
}
