package dev.tutti.bench.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Some ends of one bus, and topics that each one of them hears. For use by one thread. */
final class BusGroup implements AutoCloseable {
    /** As many messages may be on their way: the buffers of the buses are smaller than what is sent in all. */
    private static final int AHEAD = 5_000;

    private static final int SIZE = 100;
    private static final Duration STRAGGLERS = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * The outcome of publishing.
     *
     * @param received messages by those who wanted them
     * @param ignored messages by others
     * @param lost messages that the bus dropped
     */
    record Outcome(double perSecond, long received, long ignored, long lost) {}

    private final List<Listening> ends = new ArrayList<>();
    private long published;

    BusGroup(int size, Listening.Start start) {
        for (int i = 0; i < size; i++) {
            ends.add(start.start());
        }
    }

    /** Has topic {@code i} heard by end {@code i} modulo their number; how long it takes until the last one is. */
    Duration subscribe(int topics) {
        long began = System.nanoTime();
        for (int i = 0; i < topics; i++) {
            ends.get(i % ends.size()).bus().subscribe(topic(i));
        }
        for (int i = Math.max(0, topics - ends.size()); i < topics; i++) {
            while (!ends.get(i % ends.size()).isGreeted(topic(i))) {
                ends.get((i + 1) % ends.size()).greet(topic(i));
                Pauses.of(Duration.ofMillis(20));
            }
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - began);
        Pauses.of(STRAGGLERS);
        return taken;
    }

    /** Publishes messages to random topics, each by an end that does not hear it. */
    Outcome publish(int messages, int topics) {
        SplittableRandom random = new SplittableRandom(1);
        long receivedBefore = received();
        long ignoredBefore = ends.stream().mapToLong(Listening::ignored).sum();
        long lostBefore = lost();
        published = receivedBefore + lostBefore;
        long began = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            int topic = random.nextInt(topics);
            publish(topic, ends.get((topic + 1 + random.nextInt(ends.size() - 1)) % ends.size()));
            while (i - (received() - receivedBefore) - (lost() - lostBefore) > AHEAD) {
                Pauses.of(Duration.ofMillis(1));
            }
        }
        settle();
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Outcome(
                messages / seconds,
                received() - receivedBefore,
                ends.stream().mapToLong(Listening::ignored).sum() - ignoredBefore,
                lost() - lostBefore);
    }

    private void publish(int topic, Listening by) {
        by.bus().publish(topic(topic), new byte[SIZE]);
        published++;
    }

    private void settle() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (received() + lost() < published && System.nanoTime() - until < 0) {
            Pauses.of(Duration.ofMillis(1));
        }
    }

    private long received() {
        return ends.stream().mapToLong(Listening::heard).sum();
    }

    private long lost() {
        return ends.stream().mapToLong(Listening::dropped).sum();
    }

    private static String topic(int index) {
        return "stream/conversation:" + index;
    }

    @Override
    public void close() {
        ends.forEach(Listening::close);
    }
}
