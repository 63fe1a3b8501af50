package dev.tutti.bench;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.load.Publishers;
import dev.tutti.bench.subject.DurableStreams;
import dev.tutti.bench.subject.TargetCommand;
import dev.tutti.core.Tutti;
import dev.tutti.core.stream.Streams;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of the benchmark's own in a temporary directory, as durable as any, and streams in it. */
final class Durable implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final EmbeddedDatabase database;
    private final Tutti tutti;
    private final String version;

    /** Starts it, with room for {@code connections} beside our own. */
    Durable(int connections) {
        try {
            Path directory = Files.createTempDirectory("tutti-bench-append");
            parts.push(() -> Directories.delete(directory));
            EmbeddedSettings settings = EmbeddedSettings.in(directory);
            database = started(EmbeddedDatabase.start(new EmbeddedSettings(
                    directory, settings.binaries(), settings.sharedBuffersMiB(), connections + 50)));
            DurableStreams streams = started(DurableStreams.open(PostgresAddress.parse(database.url())));
            try (Connection connection = streams.pool().getConnection()) {
                version = "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion();
            }
            tutti = started(Tutti.over(streams.store()).start());
        } catch (IOException | SQLException failure) {
            close();
            throw new BenchException("cannot start PostgreSQL", failure);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Which PostgreSQL it is. */
    String version() {
        return version;
    }

    /** The streams, in this process. */
    Streams streams() {
        return tutti.streams();
    }

    /** Connections that commit rows of {@code size} bytes. */
    RawCommits rawCommits(int callers, int size) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(database.jdbcUrl());
        source.setUser(database.user());
        source.setPassword(database.password());
        return RawCommits.open(source, callers, size);
    }

    /** A server in a process of its own, and clients of it that publish. */
    Remote remote(int clients, int streams, int size) {
        Child server = Child.java(Map.of(TargetCommand.DATABASE, database.url()), "target");
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
    record Remote(Child server, Publishers clients) implements AutoCloseable {
        /** Publishes for {@code duration}. */
        ClosedLoop.Round publish(Duration duration) {
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
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failure) {
                throw new BenchException("cannot stop PostgreSQL", failure);
            }
        }
    }
}
