package dev.tutti.bench;

import dev.tutti.bench.child.Answer;
import dev.tutti.bench.child.Child;
import dev.tutti.bench.load.Dialect;
import dev.tutti.bench.load.Fleet;
import dev.tutti.bench.load.LoadClient;
import org.HdrHistogram.Histogram;

/** One contender of the connection benchmark, running: a server, and a process of clients that come and go. */
final class Connecting implements AutoCloseable {
    /**
     * One round of connecting.
     *
     * @param perSecond connections
     * @param processorNanos of the server per connection
     * @param handshakes from connect until ready, in nanoseconds
     */
    record Round(double perSecond, double processorNanos, Histogram handshakes) {}

    /**
     * The cost of an idle connection to the server, in bytes.
     *
     * @param resident memory of the process, garbage collected; 0 where the system does not tell
     * @param heap of that
     */
    record Footprint(double resident, double heap) {}

    private static final int CYCLES = 5;

    private final Dialect dialect;
    private final Child server;
    private final Fleet fleet;

    /** Starts the server. */
    Connecting(Contender contender, int clients) {
        dialect = contender.dialect();
        server = contender.start().get();
        try {
            fleet = new Fleet(clients);
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    /** Opens {@code clients} connections, {@code inFlight} at a time, and closes them. */
    Round run(int clients, int inFlight) {
        long before = server.processorTime().toNanos();
        LoadClient.Opened opened = open(clients, inFlight);
        long used = server.processorTime().toNanos() - before;
        fleet.disconnect();
        return new Round(clients * 1e9 / opened.nanos(), (double) used / clients, opened.handshakes());
    }

    /**
     * Weighs {@code few} idle connections, and then {@code many}: what all of them share does not count, nor, as few of them
     * come and go several times before, does what the compilers make of the first thousands.
     */
    Footprint weigh(int few, int many, int inFlight) {
        for (int i = 0; i < CYCLES; i++) {
            open(few, inFlight);
            fleet.disconnect();
        }
        open(few, inFlight);
        Answer before = server.ask("memory");
        open(many - few, inFlight);
        Answer after = server.ask("memory");
        fleet.tally(); // fails if one was lost meanwhile
        fleet.disconnect();
        return new Footprint(
                (double) (after.number("resident") - before.number("resident")) / (many - few),
                (double) (after.number("heap") - before.number("heap")) / (many - few));
    }

    private LoadClient.Opened open(int clients, int inFlight) {
        return fleet.open((int) server.hello().number("port"), dialect, clients, inFlight, 0);
    }

    @Override
    public void close() {
        fleet.close();
        server.close();
    }
}
