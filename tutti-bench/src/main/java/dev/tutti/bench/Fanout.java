package dev.tutti.bench;

import dev.tutti.bench.child.Answer;
import dev.tutti.bench.child.Child;
import dev.tutti.bench.load.Fleet;
import dev.tutti.bench.load.Subscribers;
import dev.tutti.bench.measure.BenchException;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * One contender of the fan-out benchmark, running: a server, and subscribers in processes beside it. Idle between rounds,
 * so that others can have theirs.
 */
final class Fanout implements AutoCloseable {
    private static final int HANDSHAKES_IN_FLIGHT = 64;

    /**
     * One round.
     *
     * @param sent messages
     * @param deliveries counted by the subscribers
     * @param perSecond deliveries
     * @param bytes of one frame on the wire
     * @param processorNanos of the server per delivery
     * @param latencies in nanoseconds
     */
    record Round(
            long sent, long deliveries, double perSecond, long bytes, double processorNanos, Histogram latencies) {}

    private final String name;
    private final Child server;
    private final Fleet fleet;

    /** Starts the server, and connects {@code subscribers} to it. */
    Fanout(Contender contender, int subscribers) {
        name = contender.name();
        server = contender.start().get();
        try {
            fleet = new Fleet(subscribers);
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
        try {
            fleet.open(
                    (int) server.hello().number("port"), contender.dialect(), subscribers, HANDSHAKES_IN_FLIGHT, (int)
                            server.hello().number("credits"));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Sends for {@code duration}. Fails if any subscriber did not get each message once. */
    Round run(Duration duration) {
        Duration before = server.processorTime();
        Answer sent = server.ask("run", duration.toMillis());
        Duration used = server.processorTime().minus(before);
        Subscribers.Tally tally = fleet.tally();
        requireAll(name, sent.number("sent"), tally);
        return new Round(
                sent.number("sent"),
                tally.messages(),
                tally.messages() * 1e9 / sent.number("nanos"),
                tally.bytes(),
                (double) used.toNanos() / tally.messages(),
                tally.latencies());
    }

    /** Fails unless every subscriber got each of {@code sent} messages once, as far as counting can tell. */
    static void requireAll(String name, long sent, Subscribers.Tally tally) {
        if (tally.least() != sent || tally.most() != sent) {
            throw new BenchException("%s: %d messages were sent, but subscribers got between %d and %d"
                    .formatted(name, sent, tally.least(), tally.most()));
        }
    }

    @Override
    public void close() {
        fleet.close();
        server.close();
    }
}
