package dev.tutti.embedded;

import dev.tutti.testkit.process.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A real streaming replica of an embedded database, which a test may treat badly. One thread's. */
public final class StandbyDatabase implements AutoCloseable {
    /** What each server makes anew when it starts, and the log, which is streamed. */
    private static final Set<String> NOT_COPIED = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans",
            "postmaster.pid",
            "postmaster.opts");

    private final EmbeddedDatabase primary;
    private final EmbeddedSettings settings;
    private final OsUser identity = OsUser.find();
    private final PgCluster cluster;
    private final Path data;
    private int port;

    private StandbyDatabase(EmbeddedDatabase primary, EmbeddedSettings settings) throws IOException {
        this.primary = primary;
        this.settings = settings;
        this.data = settings.directory().resolve("data");
        this.cluster = new PgCluster(settings, identity, Binaries.in(settings.binaries()));
    }

    /** One of {@code primary}, with its data in the directory of {@code settings}, that takes connections. */
    public static StandbyDatabase of(EmbeddedDatabase primary, EmbeddedSettings settings)
            throws IOException, SQLException {
        StandbyDatabase standby = new StandbyDatabase(primary, settings);
        standby.make();
        return standby;
    }

    /** Copies the primary, whatever this was before, and starts; on the same port as before. */
    public void make() throws IOException, SQLException {
        Trees.delete(settings.directory());
        Files.createDirectories(settings.directory().resolve("log"));
        try (Connection connection = connected(primary.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_create_physical_replication_slot('standby', true)"
                    + " where not exists (select from pg_replication_slots where slot_name = 'standby')");
            statement.execute("select pg_backup_start('standby', true)");
            copy(Path.of(value(statement, "show data_directory")));
            Files.writeString(
                    data.resolve("backup_label"),
                    value(statement, "select labelfile from pg_backup_stop(wait_for_archive => false)"));
        }
        Files.createDirectories(data.resolve("pg_wal"));
        for (String made : NOT_COPIED) {
            if (made.startsWith("pg_")) {
                Files.createDirectories(data.resolve(made));
            }
        }
        Files.createFile(data.resolve("standby.signal"));
        String address = primary.jdbcUrl().substring("jdbc:postgresql://127.0.0.1:".length());
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                """
                primary_conninfo = 'host=127.0.0.1 port=%s user=%s password=%s'
                primary_slot_name = 'standby'
                wal_retrieve_retry_interval = '200ms'
                """.formatted(address.substring(0, address.indexOf('/')), primary.user(), primary.password()),
                StandardOpenOption.APPEND);
        identity.own(settings.directory());
        start();
    }

    private void copy(Path from) throws IOException {
        Files.createDirectory(data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (isLeftOut(directory)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(data.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!isLeftOut(file)) {
                    try {
                        Files.copy(file, data.resolve(from.relativize(file)));
                    } catch (NoSuchFileException dropped) {
                        return FileVisitResult.CONTINUE; // the log that is streamed says so
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException dropped) {
                return FileVisitResult.CONTINUE;
            }

            private boolean isLeftOut(Path path) {
                return from.relativize(path).getNameCount() == 1
                        && NOT_COPIED.contains(path.getFileName().toString());
            }
        });
    }

    /** Starts it again after {@link #kill}. */
    public void start() throws IOException {
        cluster.endLeftover();
        port = cluster.start(port);
    }

    /** Ends all its processes with SIGKILL. */
    public void kill() throws IOException {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
    }

    /** Stops all its processes where they stand, with SIGSTOP, until {@link #thaw}. */
    public void freeze() throws IOException {
        for (ProcessHandle process : processes()) {
            Signals.send("STOP", process.pid());
        }
    }

    /** Lets them go on. */
    public void thaw() throws IOException {
        for (ProcessHandle process : processes()) {
            Signals.send("CONT", process.pid());
        }
    }

    private List<ProcessHandle> processes() throws IOException {
        List<ProcessHandle> all = new ArrayList<>();
        for (ProcessHandle postmaster : Signals.postgresIn(settings.directory())) {
            all.add(postmaster);
            all.addAll(postmaster.descendants().toList());
        }
        return all;
    }

    /** Runs a statement there. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = connected(jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What it answers, first row and column. */
    public String value(String sql) throws SQLException {
        try (Connection connection = connected(jdbcUrl());
                Statement statement = connection.createStatement()) {
            return value(statement, sql);
        }
    }

    private static String value(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "nothing";
        }
    }

    private Connection connected(String url) throws SQLException {
        return DriverManager.getConnection(url, primary.user(), primary.password());
    }

    private String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/tutti";
    }

    /** Where it is, with the password. */
    public String url() {
        return "postgresql://" + primary.user() + ":" + primary.password() + "@127.0.0.1:" + port + "/tutti";
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
