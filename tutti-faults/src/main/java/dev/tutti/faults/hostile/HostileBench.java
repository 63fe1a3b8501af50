package dev.tutti.faults.hostile;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Floods one instance from one address in every way there is, while people talk from another, and tells what it did to them
 * and to the liveness probe. For one thread; blocks.
 */
public final class HostileBench {
    private static final InetAddress PEOPLE = InetAddress.ofLiteral("127.0.0.3");
    private static final int REASONS = 5;

    /**
     * The effects of one flood.
     *
     * @param messages of people that were acknowledged
     * @param live how long it took until the probe had its answer: the half, all but one of a hundred, all
     * @param bare how long the same probe, in turn, waited for all but one of a hundred answers of a {@code BareServer}
     */
    public record Row(
            String flood,
            int messages,
            Duration p50,
            Duration p99,
            int connections,
            int bodies,
            int logins,
            List<Duration> live,
            Duration bare) {
        public Row {
            live = List.copyOf(live);
        }

        /** How often people were refused anything. */
        public int refused() {
            return connections + bodies + logins;
        }

        /** As a row of a table in Markdown. */
        public String markdown() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %.1f | %.1f | %d | %d | %d | %.1f | %.1f | %.1f | %.1f |",
                    flood,
                    messages,
                    millis(p50),
                    millis(p99),
                    connections,
                    bodies,
                    logins,
                    millis(live.get(0)),
                    millis(live.get(1)),
                    millis(live.get(2)),
                    millis(bare));
        }

        private static double millis(Duration duration) {
            return duration.toNanos() / 1e6;
        }
    }

    /** The head of the table. */
    public static final String HEAD =
            "| flood | messages | p50 ms | p99 ms | connections refused | bodies refused | log-ins refused"
                    + " | live p50 ms | live p99 ms | live max ms | bare p99 ms |\n"
                    + "|---|---|---|---|---|---|---|---|---|---|---|";

    private final Path directory;
    private final List<String> program;
    private final int people;
    private final Duration time;
    private final Consumer<String> narrator;
    private final boolean operatorPort;

    /**
     * A bench of {@code people}, with {@code time} for each flood, of a server started with {@code program}.
     *
     * @param operatorPort whether the server is asked for its liveness at a port of its own
     */
    public HostileBench(
            Path directory,
            List<String> program,
            int people,
            Duration time,
            boolean operatorPort,
            Consumer<String> narrator) {
        this.directory = directory;
        this.program = program;
        this.people = people;
        this.time = time;
        this.operatorPort = operatorPort;
        this.narrator = narrator;
    }

    /** Runs all floods, one after the other. */
    public List<Row> run() throws IOException, InterruptedException {
        Launch launch = Launch.tutti(program, directory, Ports.free()).with("TUTTI_ACCESS_TTL", "24h");
        URI front = launch.address();
        if (operatorPort) {
            launch = launch.withOperatorPort(Ports.free());
        }
        List<Row> rows = new ArrayList<>();
        try (BareServer bare = BareServer.start(directory.resolve("bare.log"));
                ServerProcess server = ServerProcess.start(launch)) {
            List<Guest> guests = guests(front);
            narrator.accept(HEAD);
            for (Flood flood : Flood.values()) {
                Row row = run(flood, front, launch.address(), bare.address(), guests);
                rows.add(row);
                narrator.accept(row.markdown());
            }
            guests.forEach(Guest::close);
            if (!server.alive() || !bare.alive()) {
                throw new IOException("the server or the bare one has ended; see " + directory);
            }
        }
        return rows;
    }

    private List<Guest> guests(URI server) throws IOException, InterruptedException {
        List<Guest> guests = new ArrayList<>();
        try (Api api = new Api(PEOPLE)) {
            for (int i = 0; i < people; i++) {
                Account account = api.register(server, "guest" + i);
                guests.add(new Guest(server, account, i, PEOPLE));
            }
        }
        return guests;
    }

    private Row run(Flood flood, URI server, URI operator, URI bare, List<Guest> guests) {
        Guest.Tally tally = new Guest.Tally();
        long end = System.nanoTime() + time.toNanos();
        BooleanSupplier goOn = () -> System.nanoTime() < end;
        LivenessProbe probe = new LivenessProbe(operator, bare, goOn);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService attack = Executors.newFixedThreadPool(flood.threads() + 1)) {
            attack.execute(probe);
            for (int i = 0; i < flood.threads(); i++) {
                attack.execute(() -> attack(flood, server, goOn));
            }
            for (Guest guest : guests) {
                var _ = threads.submit(() -> {
                    guest.talk(tally, goOn);
                    return null;
                });
            }
        }
        tally.reasons.stream().limit(REASONS).forEach(narrator);
        return new Row(
                flood.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                tally.acknowledgements.count(),
                tally.acknowledgements.percentile(50),
                tally.acknowledgements.percentile(99),
                tally.connections.get(),
                tally.bodies.get(),
                tally.logins.get(),
                List.of(
                        probe.live().percentile(50),
                        probe.live().percentile(99),
                        probe.live().percentile(100)),
                probe.baseline().percentile(99));
    }

    private static void attack(Flood flood, URI server, BooleanSupplier goOn) {
        while (goOn.getAsBoolean()) {
            try {
                flood.once(server, goOn);
            } catch (UncheckedIOException refused) {
                Thread.onSpinWait(); // and again
            }
        }
    }
}
