package dev.tutti.bench.subject;

import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A process with the {@link EdgeSide}. */
@Command(name = "target", hidden = true, description = "The server that is measured; started by the others.")
public final class TargetCommand implements Callable<Integer> {
    private static final RetentionPolicy SHORT = RetentionPolicy.of(new Retention(Duration.ofHours(1), 10_000));

    /** The environment variable with the database's URL; without it, streams are in memory. */
    public static final String DATABASE = "TUTTI_BENCH_DATABASE";

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
            Serving.serve(new EdgeSide(new MemoryStreamStore(SHORT, Clock.systemUTC()), room, size), window);
            return 0;
        }
        try (DurableStreams database = DurableStreams.open(PostgresAddress.parse(url))) {
            Serving.serve(new EdgeSide(database.store(), room, size), window);
        }
        return 0;
    }
}
