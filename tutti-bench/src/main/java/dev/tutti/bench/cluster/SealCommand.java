package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.Medians;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.measure.TemporaryDirectory;
import dev.tutti.bench.subject.Durable;
import dev.tutti.bus.Bus;
import dev.tutti.memory.MemoryBus;
import dev.tutti.postgres.ControlConnection;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBus;
import dev.tutti.postgres.PostgresBusSettings;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.redis.RedisAddress;
import dev.tutti.redis.RedisBus;
import dev.tutti.redis.RedisSettings;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench cluster seal}: what it costs that frames between instances are sealed. */
@Command(
        name = "seal",
        mixinStandardHelpOptions = true,
        description = "One instance speaks to another as fast as the bus can, with sealed frames and with open ones.")
final class SealCommand extends BenchCommand {
    @Option(names = "--messages", defaultValue = "100000", description = "Messages a round (${DEFAULT-VALUE}).")
    private int messages;

    @Option(names = "--size", defaultValue = "300", description = "Bytes of a message (${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds of each, in turn (${DEFAULT-VALUE}).")
    private int rounds;

    @Override
    protected void run(PrintWriter out) throws IOException, InterruptedException {
        require("--messages", messages, 1, 100_000_000);
        require("--size", size, 1, 1_000_000);
        require("--rounds", rounds, 1, 1_000);
        Table table = new Table(
                "seal: %,d messages of %d bytes a round, medians of %d rounds".formatted(messages, size, rounds),
                "bus",
                "open messages/s",
                "sealed messages/s",
                "sealed to open",
                "open CPU us",
                "sealed CPU us",
                "lost");
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try (TemporaryDirectory directory = new TemporaryDirectory("seal");
                Durable database = new Durable(100);
                RedisProcess redis = RedisProcess.server(directory.path())) {
            MemoryBus.Wire wire = new MemoryBus.Wire();
            row(table, "in memory", () -> new MemoryBus(wire));
            row(table, "Redis", () -> new RedisBus(RedisSettings.of(RedisAddress.parse(redis.url()))));
            String url = database.newDatabase("seal");
            row(table, "PostgreSQL", () -> postgres(url, parts));
            close(parts);
        }
        table.note("CPU: of both instances, which are in one process, for each message; not that of the bus's server");
        out.println(table);
    }

    private static Bus postgres(String url, Deque<AutoCloseable> parts) {
        PostgresPoolSettings settings =
                PostgresPoolSettings.of(PostgresAddress.parse(url)).withConnections(2, 1);
        PostgresPool pool = new PostgresPool(settings);
        PostgresSchema.migrate(pool);
        ControlConnection control = new ControlConnection(settings);
        parts.push(pool);
        parts.push(control);
        return new PostgresBus(pool, control, PostgresBusSettings.DEFAULT);
    }

    private static void close(Deque<AutoCloseable> parts) {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception failure) {
                throw new BenchException("cannot close an end of the bus", failure);
            }
        }
    }

    private void row(Table table, String name, Supplier<Bus> bus) {
        List<BusPair.Round> open = new ArrayList<>();
        List<BusPair.Round> sealed = new ArrayList<>();
        try (BusPair openly = new BusPair(bus, false);
                BusPair secretly = new BusPair(bus, true)) {
            openly.round(messages, size); // for the compilers
            secretly.round(messages, size);
            for (int i = 0; i < rounds; i++) {
                open.add(openly.round(messages, size));
                sealed.add(secretly.round(messages, size));
            }
        }
        double openRate = Medians.of(open, BusPair.Round::perSecond);
        double sealedRate = Medians.of(sealed, BusPair.Round::perSecond);
        table.row(
                name,
                Table.count(openRate),
                Table.count(sealedRate),
                Table.ratio(sealedRate, openRate),
                Table.micros(Medians.of(open, BusPair.Round::cpuNanos)),
                Table.micros(Medians.of(sealed, BusPair.Round::cpuNanos)),
                Table.count(Stream.concat(open.stream(), sealed.stream())
                        .mapToLong(BusPair.Round::lost)
                        .sum()));
    }
}
