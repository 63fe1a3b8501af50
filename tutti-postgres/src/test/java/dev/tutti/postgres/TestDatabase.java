package dev.tutti.postgres;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A database of its own for each test that asks, on one real server for all tests of this module. */
final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String TEMPLATE = "migrated";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static @Nullable EmbeddedDatabase server;
    private static boolean hasTemplate;

    private final String name;
    private final PostgresPool pool;
    private Duration passed = Duration.ZERO;

    private TestDatabase(String name, PostgresPool pool) {
        this.name = name;
        this.pool = pool;
    }

    /** An empty one. */
    static TestDatabase empty() throws SQLException {
        return copy("template1");
    }

    /** One with the schema, which is made once and copied. */
    static TestDatabase migrated() throws SQLException {
        return copy(template());
    }

    private static synchronized String template() throws SQLException {
        if (!hasTemplate) {
            administer("create database " + TEMPLATE);
            try (PostgresPool pool = new PostgresPool(settings(TEMPLATE))) {
                PostgresSchema.migrate(pool);
            }
            hasTemplate = true;
        }
        return TEMPLATE;
    }

    private static TestDatabase copy(String template) throws SQLException {
        String name = "test_" + COUNT.incrementAndGet();
        administer("create database " + name + " template " + template);
        return new TestDatabase(name, new PostgresPool(settings(name)));
    }

    PostgresPool pool() {
        return pool;
    }

    PostgresPoolSettings settings() {
        return settings(name);
    }

    void execute(String sql) throws SQLException {
        execute(pool, sql);
    }

    String value(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
        }
    }

    /** Moves the clock by which everything is decided. */
    void pass(Duration time) {
        passed = passed.plus(time);
        try {
            execute("create or replace function tutti.clock() returns timestamptz language sql stable as"
                    + " 'select pg_catalog.clock_timestamp() + interval ''" + passed.toSeconds() + " s'''");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws SQLException {
        pool.close();
        administer("drop database " + name + " with (force)");
    }

    static synchronized EmbeddedDatabase server() {
        if (server == null) {
            try {
                Path directory = Files.createTempDirectory("tutti-postgres-");
                EmbeddedDatabase started = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                        EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres"))));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started, directory)));
                server = started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return server;
    }

    private static PostgresPoolSettings settings(String name) {
        EmbeddedDatabase running = server();
        String url = running.jdbcUrl();
        String jdbcUrl = url.substring(0, url.lastIndexOf('/') + 1) + name;
        return PostgresPoolSettings.of(new PostgresAddress(jdbcUrl, running.user(), running.password()))
                .withConnections(20, 0)
                .withTimes(PATIENCE, PATIENCE, PATIENCE);
    }

    private static void administer(String sql) throws SQLException {
        EmbeddedDatabase running = server();
        try (Connection connection =
                        DriverManager.getConnection(running.jdbcUrl(), running.user(), running.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void execute(PostgresPool pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void stop(EmbeddedDatabase started, Path directory) {
        started.close();
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : paths) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
