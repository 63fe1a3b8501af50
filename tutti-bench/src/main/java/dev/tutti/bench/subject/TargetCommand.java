package dev.tutti.bench.subject;

import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.redis.RedisBackend;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A process with the {@link MeasuredEdge}. */
@Command(name = "target", hidden = true, description = "The server that is measured; started by the others.")
public final class TargetCommand implements Callable<Integer> {
    private static final RetentionPolicy SHORT = RetentionPolicy.of(new Retention(Duration.ofHours(1), 10_000));

    /** The environment variable with the database's URL; without it, streams are in memory. */
    public static final String DATABASE = "TUTTI_BENCH_DATABASE";

    /** The environment variable with Redis's URL; without it, the bus is the database's. */
    public static final String REDIS = "TUTTI_BENCH_REDIS";

    private static final int CONNECTIONS = 40; // of all instances

    @Option(names = "--size", defaultValue = "100")
    private int size;

    @Option(names = "--window", defaultValue = "4")
    private int window;

    @Option(names = "--to", defaultValue = "STREAM")
    private Destination destination = Destination.STREAM;

    @Override
    public Integer call() throws IOException {
        Optional<PostgresAddress> database =
                Optional.ofNullable(System.getenv(DATABASE)).map(PostgresAddress::parse);
        MeasuredProcess.serve(new MeasuredEdge(instance(database), database, destination, size), window);
        return 0;
    }

    /** As the server puts it together: in memory, or over a database, and then over Redis if there is one. */
    private Tutti.Builder instance(Optional<PostgresAddress> database) {
        if (database.isEmpty()) {
            return Tutti.on(MemoryBackend.open(SHORT, Clock.systemUTC()));
        }
        Tutti.Builder instance = Tutti.on(PostgresBackend.at(database.get())
                        .connections(CONNECTIONS, 2)
                        .open())
                .secret("a secret of the benchmarks, and of no one else");
        Optional.ofNullable(System.getenv(REDIS)).map(RedisBackend::open).ifPresent(instance::with);
        return instance;
    }
}
