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
            "Where the embedded database and the secrets made on the first start are kept. Made if it does not exist."
                    + " Not used when DATABASE_URL is set.");

    public static final Setting<Optional<String>> DATABASE_URL = url(
            "DATABASE_URL",
            "A PostgreSQL of your own, version 14 or newer. On another machine its sslmode is required: verify-full, with"
                    + " sslrootcert=/path/ca.pem or sslrootcert=system; or, if you know what you do, require or disable. Not"
                    + " set: an embedded PostgreSQL 18 in TUTTI_DATA_DIR.");

    public static final Setting<Integer> DB_MAX_CONNECTIONS = Setting.open(
            "DB_MAX_CONNECTIONS",
            DATABASE,
            Type.whole(3, 1_000),
            "10",
            "The most connections to PostgreSQL that all instances together have open at a time; each gets the same share"
                    + " of them. An instance needs 2, and one is kept free for the next that starts, two where there is"
                    + " room: 2 x instances + 1 at least, more is faster. The same for all instances.");

    public static final Setting<Integer> DB_MIN_CONNECTIONS = Setting.open(
            "DB_MIN_CONNECTIONS",
            DATABASE,
            Type.whole(0, 1_000),
            "2",
            "Connections of one instance that are kept open when there is nothing to do. At most DB_MAX_CONNECTIONS.");

    public static final Setting<Optional<String>> DATABASE_DIRECT_URL = url(
            "DATABASE_DIRECT_URL",
            "The same database past a pooler such as PgBouncer, for what a pooler in transaction mode cannot carry:"
                    + " notifications and migrations. Needed if DATABASE_URL leads through one; found out on start.");

    public static final Setting<Optional<String>> DATABASE_READ_REPLICA_URL = url(
            "DATABASE_READ_REPLICA_URL",
            "A streaming replica of DATABASE_URL's server. History, lists and searches are read there, as far as it has"
                    + " replayed what the primary has committed; everything else, and everything while it lags or is away, goes to"
                    + " the primary. Not set: all of it goes there.");

    public static final Setting<Integer> DB_REPLICA_CONNECTIONS = Setting.open(
            "DB_REPLICA_CONNECTIONS",
            DATABASE,
            Type.whole(1, 1_000),
            "10",
            "The most connections to the replica that one instance has open at a time. They are not part of"
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
