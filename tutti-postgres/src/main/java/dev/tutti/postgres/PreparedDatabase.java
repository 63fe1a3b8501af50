package dev.tutti.postgres;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.MigratedSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that was looked at and brought up to date.
 *
 * @param pool how it is used by most
 * @param direct how it is reached by code that needs a session of the server
 */
record PreparedDatabase(PostgresPoolSettings pool, PostgresPoolSettings direct) {
    private static final Logger log = LoggerFactory.getLogger(PreparedDatabase.class);
    private static final int OLDEST_VERSION = 14;
    private static final String ENCODING = "UTF8";
    private static final String URL = "DATABASE_URL";
    private static final String DIRECT_URL = "DATABASE_DIRECT_URL";

    /**
     * Looks at the database, directly if there is a way, and brings its tables up to date. Blocks.
     *
     * @throws TuttiException if that is not possible; the message says what to do
     */
    static PreparedDatabase prepared(
            PostgresPoolSettings settings, Optional<PostgresAddress> directly, List<MigratedSchema> schemas) {
        requireProtection(settings.address(), URL);
        directly.ifPresent(address -> requireProtection(address, DIRECT_URL));
        PostgresPoolSettings direct =
                directly.map(address -> settings.at(address, false)).orElse(settings);
        boolean pooler = directly.isPresent() && isBehindPooler(settings);
        String setting = directly.isPresent() ? DIRECT_URL : URL;
        // one connection: others have theirs, and this instance has no share yet
        try (PostgresPool one =
                new PostgresPool(patient(direct, Duration.ofHours(1)).at(direct.address(), true))) {
            if (looksPooled(one, direct, setting)) {
                throw new TuttiException(
                        ErrorCode.UNSUPPORTED,
                        setting + " leads through a pooler such as PgBouncer, which can carry neither notifications nor"
                                + " migrations; set DATABASE_DIRECT_URL to the server itself");
            }
            PostgresSchema.migrate(one);
            schemas.forEach(schema -> schema.migrate(one));
        }
        if (pooler) {
            log.info("DATABASE_URL leads through a pooler: statements are not prepared, and notifications go directly");
        }
        return new PreparedDatabase(settings.at(settings.address(), pooler), direct);
    }

    /** Refuses an address that leaves open how the link is protected, and warns of one that is not. */
    static void requireProtection(PostgresAddress address, String setting) {
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

    private static boolean isBehindPooler(PostgresPoolSettings settings) {
        // a statement that is prepared for a session would fail through the pooler that is looked for
        PostgresPoolSettings careful = patient(settings, settings.statement()).at(settings.address(), true);
        try (PostgresPool pool = new PostgresPool(careful)) {
            return looksPooled(pool, settings, URL);
        }
    }

    /** Looks at the database, and says whether a pooler is before it. */
    private static boolean looksPooled(PostgresPool pool, PostgresPoolSettings settings, String setting) {
        try (Connection connection = pool.getConnection()) {
            requireVersion(connection, settings);
            requireEncoding(connection, settings);
            return PostgresPooler.isBehind(connection);
        } catch (SQLException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the database cannot be used: " + rootMessage(failure) + "; check " + setting
                            + ", and that the database is running",
                    failure);
        }
    }

    private static void requireVersion(Connection connection, PostgresPoolSettings settings) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_VERSION) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    "the database at " + settings.address() + " is PostgreSQL " + version + "; Tutti needs "
                            + OLDEST_VERSION + " or newer");
        }
    }

    private static void requireEncoding(Connection connection, PostgresPoolSettings settings) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show server_encoding")) {
            row.next();
            String encoding = row.getString(1);
            if (!ENCODING.equals(encoding)) {
                throw new TuttiException(
                        ErrorCode.UNSUPPORTED,
                        "the database at " + settings.address() + " has the encoding " + encoding
                                + ", which has not all characters that people write; Tutti needs " + ENCODING
                                + ": create database … encoding 'UTF8' template template0");
            }
        }
    }

    /** A migration may take its time, and the database may still be starting. */
    private static PostgresPoolSettings patient(PostgresPoolSettings settings, Duration statement) {
        return settings.withConnections(1, 0).withTimes(settings.idle(), Duration.ofSeconds(15), statement);
    }

    /** The pool says how long it waited; the cause is further down. */
    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || root.equals(failure)
                ? String.valueOf(failure.getMessage())
                : failure.getMessage() + ": " + message;
    }
}
