package dev.tutti.bench.subject;

import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A process with the {@link EdgeSide}. */
@Command(name = "target", hidden = true, description = "The server that is measured; started by the others.")
public final class TargetCommand implements Callable<Integer> {
    private static final RetentionPolicy SHORT = RetentionPolicy.of(new Retention(Duration.ofHours(1), 10_000));

    /** The environment variable with the database's URL; without it, streams are in memory. */
    public static final String DATABASE = "TUTTI_BENCH_DATABASE";

    /** The environment variable with Redis's URL; without it, the bus is the database's. */
    public static final String REDIS = "TUTTI_BENCH_REDIS";

    @Option(names = "--cluster")
    private boolean cluster;

    @Option(names = "--size", defaultValue = "100")
    private int size;

    @Option(names = "--window", defaultValue = "4")
    private int window;

    @Option(names = "--room")
    private boolean room;

    @Override
    public Integer call() throws IOException {
        String url = System.getenv(DATABASE);
        if (url == null) {
            MemoryStreamStore store = new MemoryStreamStore(SHORT, Clock.systemUTC());
            Serving.serve(new EdgeSide(Tutti.over(store), room, size), window);
            return 0;
        }
        PostgresAddress address = PostgresAddress.parse(url);
        if (cluster) {
            try (OneOfSeveral several = OneOfSeveral.open(address, Optional.ofNullable(System.getenv(REDIS)))) {
                Serving.serve(new EdgeSide(several.instance(), room, size), window);
            }
            return 0;
        }
        try (DurableStreams database = DurableStreams.open(address)) {
            Serving.serve(new EdgeSide(Tutti.over(database.store()), room, size), window);
        }
        return 0;
    }
}
