package dev.tutti.account;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL with the tables of the accounts, one for all tests of this process; each test makes its own people. */
final class AccountDatabase {
    private static final AccountDatabase SHARED = new AccountDatabase();

    private final Path directory;
    private final EmbeddedDatabase postgres;
    private final HikariDataSource pool;

    private AccountDatabase() {
        try {
            directory = Files.createTempDirectory("tutti-account-test");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        postgres = EmbeddedDatabase.start(
                DatabaseTemplate.copiedTo(EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres"))));
        pool = pool(20, "set synchronous_commit = off"); // nobody pulls the plug here
        PostgresSchema.migrate(pool);
        new AccountSchema().migrate(pool);
        execute(pool, "insert into tutti.first_account default values"); // nobody is an administrator by being quick
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
    }

    /** Its connections, at most 20. */
    static DataSource shared() {
        return SHARED.pool;
    }

    /** Its address. */
    static String url() {
        return SHARED.postgres.url();
    }

    /** The same database with a clock that is minutes ahead, or behind if negative; to be closed. */
    static HikariDataSource withClock(int minutesAhead) {
        String schema = minutesAhead < 0 ? "behind" + -minutesAhead : "ahead" + minutesAhead;
        execute("create schema if not exists " + schema);
        execute("create or replace function " + schema + ".clock_timestamp() returns timestamptz language sql"
                + " as $$ select pg_catalog.clock_timestamp() + interval '" + minutesAhead + " minutes' $$");
        return SHARED.pool(2, "set search_path = " + schema + ", pg_catalog, public");
    }

    /** A new database of the same server, called {@code name}, with nothing in it. */
    static DataSource empty(String name) {
        execute("create database " + name);
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(SHARED.postgres.jdbcUrl());
        database.setDatabaseName(name);
        database.setUser(SHARED.postgres.user());
        database.setPassword(SHARED.postgres.password());
        return database;
    }

    /** Runs a statement. */
    static void execute(String sql) {
        execute(shared(), sql);
    }

    /** The text in the first column of the first row. */
    static String value(String query) {
        try (Connection connection = shared().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void execute(DataSource database, String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private HikariDataSource pool(int size, String first) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.user());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(size);
        config.setConnectionInitSql(first);
        return new HikariDataSource(config);
    }

    private void remove() {
        pool.close();
        postgres.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
