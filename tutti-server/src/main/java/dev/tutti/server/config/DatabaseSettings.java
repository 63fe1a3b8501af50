package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.DATABASE;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The settings of PostgreSQL. */
public final class DatabaseSettings {
    public static final Setting<Path> DATA_DIR = Setting.open(
            "TUTTI_DATA_DIR",
            DATABASE,
            Type.path("a path"),
            "./data",
            "The directory of the embedded database and of the secrets that are made on the first start. It is created"
                    + " if it does not exist. With DATABASE_URL it is used only for files with STORAGE_PROVIDER=local,"
                    + " and by ./tutti cluster.");

    public static final Setting<Optional<String>> DATABASE_URL = url(
            "DATABASE_URL",
            "The URL of your own PostgreSQL, version 14 or newer. For a server on another machine the URL must contain"
                    + " sslmode. Use verify-full, with sslrootcert=/path/ca.pem or sslrootcert=system. verify-ca,"
                    + " require and disable are allowed, but protect less. Not set: an embedded PostgreSQL 18 in"
                    + " TUTTI_DATA_DIR.");

    public static final Setting<Integer> DB_MAX_CONNECTIONS = Setting.open(
            "DB_MAX_CONNECTIONS",
            DATABASE,
            Type.whole(3, 1_000),
            "10",
            "The most connections to PostgreSQL that all instances together have at a time. Each instance gets an equal"
                    + " share, and needs at least 2. Two connections are kept free for instances that start, or one if"
                    + " there is not enough room. So this must be at least 2 x instances + 1; more connections make the"
                    + " server faster. The same for all instances.");

    public static final Setting<Integer> DB_MIN_CONNECTIONS = Setting.open(
            "DB_MIN_CONNECTIONS",
            DATABASE,
            Type.whole(0, 1_000),
            "2",
            "The number of idle connections that one instance keeps open in its pool. 0: it keeps none open. At most"
                    + " DB_MAX_CONNECTIONS.");

    public static final Setting<Optional<String>> DATABASE_DIRECT_URL = url(
            "DATABASE_DIRECT_URL",
            "The URL of the same database without a pooler such as PgBouncer. Notifications and migrations do not work"
                    + " through a pooler in transaction mode. Required if DATABASE_URL leads to such a pooler; the"
                    + " start checks this. Not set: DATABASE_URL is used for everything.");

    public static final Setting<Optional<String>> DATABASE_READ_REPLICA_URL = url(
            "DATABASE_READ_REPLICA_URL",
            "The URL of a streaming replica of the server in DATABASE_URL. History, lists and searches are read there,"
                    + " if the replica has replayed what the primary has committed. While the replica lags or is"
                    + " unavailable, they are read at the primary. Everything else always goes to the primary. Not set:"
                    + " no replica.");

    public static final Setting<Integer> DB_REPLICA_CONNECTIONS = Setting.open(
            "DB_REPLICA_CONNECTIONS",
            DATABASE,
            Type.whole(1, 1_000),
            "10",
            "The most connections to the replica that one instance has at a time. They do not count for"
                    + " DB_MAX_CONNECTIONS.");

    private DatabaseSettings() {}

    /** Contradictions between values that can be read. */
    static List<ConfigurationError> mistakes(SettingValues values) {
        return ConfigurationError.unlessAtMost(values, DB_MIN_CONNECTIONS, DB_MAX_CONNECTIONS).stream()
                .toList();
    }

    private static Setting<Optional<String>> url(String name, String description) {
        return new Setting<>(
                name,
                DATABASE,
                Type.optional(Type.text(
                        "postgres://user:password@host:5432/database, postgresql://... or jdbc:postgresql://...",
                        "(jdbc:)?(postgresql|postgres)://\\S{1,2000}")),
                "",
                SecretMask.URL_WITH_PASSWORD,
                description);
    }
}
