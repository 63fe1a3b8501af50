package dev.tutti.bench.cluster;

import dev.tutti.bench.child.Answer;
import dev.tutti.bench.child.Child;
import dev.tutti.bench.load.Dialect;
import dev.tutti.bench.load.Fleet;
import dev.tutti.bench.load.Subscribers;
import dev.tutti.bench.measure.BenchException;
import java.time.Duration;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Two instances, one that sends, and one that all subscribers are connected to. Idle between rounds, so that others can
 * have theirs. For one thread.
 */
final class Across implements AutoCloseable {
    /**
     * One of those that are measured side by side.
     *
     * @param name for the table
     * @param dialect how its clients speak
     * @param instance starts one of its two
     */
    record Contender(String name, Dialect dialect, Supplier<Child> instance) {}

    /**
     * One round.
     *
     * @param sent messages
     * @param deliveries per second
     * @param latencies in nanoseconds
     */
    record Round(long sent, double deliveries, Histogram latencies) {}

    private static final int HANDSHAKES_IN_FLIGHT = 32;

    private final String name;
    private final Child sender;
    private final Child receiver;
    private final Fleet fleet;

    /** Starts both, and connects {@code clients} to the one that does not send. */
    Across(Contender contender, int clients) {
        name = contender.name();
        sender = contender.instance().get();
        try {
            receiver = contender.instance().get();
        } catch (RuntimeException failure) {
            sender.close();
            throw failure;
        }
        try {
            fleet = new Fleet(clients);
        } catch (RuntimeException failure) {
            receiver.close();
            sender.close();
            throw failure;
        }
        try {
            fleet.open((int) receiver.hello().number("port"), contender.dialect(), clients, HANDSHAKES_IN_FLIGHT, (int)
                    sender.hello().number("credits"));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Sends {@code perSecond} for {@code duration}. Fails if any subscriber did not get each message once. */
    Round steady(int perSecond, Duration duration) {
        return round(sender.ask("steady", perSecond, duration.toMillis()));
    }

    /** Sends for {@code duration} as fast as it arrives. Fails if any subscriber did not get each message once. */
    Round saturated(Duration duration) {
        return round(sender.ask("run", duration.toMillis()));
    }

    private Round round(Answer answer) {
        Subscribers.Tally tally = fleet.tally();
        long sent = answer.number("sent");
        if (tally.least() != sent || tally.most() != sent) {
            throw new BenchException("%s: %d messages were sent, but subscribers got between %d and %d"
                    .formatted(name, sent, tally.least(), tally.most()));
        }
        return new Round(sent, tally.messages() * 1e9 / answer.number("nanos"), tally.latencies());
    }

    @Override
    public void close() {
        fleet.close();
        receiver.close();
        sender.close();
    }
}
