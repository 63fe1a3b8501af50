package dev.tutti.bench.subject;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.load.Publishers;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.ClosedLoop;
import dev.tutti.bench.measure.TemporaryDirectory;
import dev.tutti.core.Tutti;
import dev.tutti.core.stream.Streams;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresBackend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of the benchmark's own in a temporary directory, as durable as any, and streams in it. */
public final class Durable implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Thread ending = new Thread(this::endParts, "end of PostgreSQL");
    private final EmbeddedDatabase database;
    private final Tutti tutti;
    private final String version;

    /** Starts it, with room for {@code connections} beside our own. */
    public Durable(int connections) {
        try {
            TemporaryDirectory directory = new TemporaryDirectory("postgres");
            Runtime.getRuntime().addShutdownHook(ending); // for when the tool is told to end before it is done
            parts.push(directory);
            EmbeddedSettings settings = EmbeddedSettings.in(directory.path());
            database = started(EmbeddedDatabase.start(new EmbeddedSettings(
                    directory.path(), settings.binaries(), settings.sharedBuffersMiB(), connections + 50)));
            try (Connection connection = source().getConnection()) {
                version = "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion();
            }
            tutti = started(Tutti.on(PostgresBackend.open(database.url())).start());
        } catch (SQLException failure) {
            close();
            throw new BenchException("cannot start PostgreSQL", failure);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Which PostgreSQL it is. */
    public String version() {
        return version;
    }

    /** The streams, in this process. */
    public Streams streams() {
        return tutti.streams();
    }

    /** The URL of a new database beside the others, called {@code name}. */
    public String newDatabase(String name) {
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failure) {
            throw new BenchException("cannot make a database", failure);
        }
        return database.url().substring(0, database.url().lastIndexOf('/') + 1) + name;
    }

    /** How many transactions were committed in the database called {@code name}, as far as its sessions have told. */
    public long transactions(String name) {
        try (Connection connection = source().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT xact_commit FROM pg_stat_database WHERE datname = ?")) {
            statement.setString(1, name);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        } catch (SQLException failure) {
            throw new BenchException("cannot read the statistics", failure);
        }
    }

    /** Connections that commit rows of {@code size} bytes. */
    public RawCommits rawCommits(int callers, int size) {
        return RawCommits.open(source(), callers, size);
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(database.jdbcUrl());
        source.setUser(database.user());
        source.setPassword(database.password());
        return source;
    }

    /**
     * A server in a process of its own over {@code database}, a {@link #newDatabase}, and clients of it that publish: in the
     * one of {@link #streams} both would be members of one cluster, and tell each other of every event.
     */
    public static Remote remote(String database, int clients, int streams, int size) {
        Child server = Child.java(Map.of(TargetCommand.DATABASE, database), "target");
        try {
            return new Remote(server, new Publishers((int) server.hello().number("port"), clients, streams, size));
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    /**
     * Clients over the network.
     *
     * @param server its process
     * @param clients in this process
     */
    public record Remote(Child server, Publishers clients) implements AutoCloseable {
        /** Publishes for {@code duration}. */
        public ClosedLoop.Round publish(Duration duration) {
            Publishers.Tally tally = clients.publish(duration.toNanos());
            return new ClosedLoop.Round(
                    tally.acknowledged(), tally.acknowledged() * 1e9 / tally.nanos(), tally.latencies());
        }

        @Override
        public void close() {
            clients.close();
            server.close();
        }
    }

    private <T extends AutoCloseable> T started(T part) {
        parts.push(part);
        return part;
    }

    /** Stops it and deletes it. */
    @Override
    public void close() {
        endParts();
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException alreadyEnding) {
            // then it has nothing left to do
        }
    }

    private synchronized void endParts() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failure) {
                throw new BenchException("cannot stop PostgreSQL", failure);
            }
        }
    }
}
