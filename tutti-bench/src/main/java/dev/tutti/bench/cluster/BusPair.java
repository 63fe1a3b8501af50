package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.bus.Bus;
import dev.tutti.bus.Topics;
import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.cluster.bus.SharedBus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Two instances' shared buses, of which one speaks to the other. For use by one thread. */
final class BusPair implements AutoCloseable {
    private static final Topics.Family FAMILY = Topics.Family.open("bench", 1);
    private static final int AHEAD = 2_000; // less than what is dropped when Redis is slow to answer
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STRAGGLERS = Duration.ofSeconds(3);

    /** The result of a round. */
    record Round(double perSecond, double cpuNanos, long lost) {}

    private final String topic;
    private final LongAdder heard = new LongAdder();
    private final SharedBus hearing;
    private final SharedBus speaking;
    private final Topics topics;

    BusPair(Supplier<Bus> bus, boolean sealed) {
        topic = sealed ? "conversation:sealed" : "conversation:open"; // both kinds use one server
        Optional<ClusterSecret> secret = sealed
                ? Optional.of(ClusterSecret.of("a secret for this benchmark alone", List.of()))
                : Optional.empty();
        hearing = new SharedBus(bus.get(), () -> false, secret, new SimpleMeterRegistry());
        speaking = new SharedBus(bus.get(), () -> false, secret, new SimpleMeterRegistry());
        Topics heardHere = hearing.topics(FAMILY, (_, _) -> heard.increment());
        topics = speaking.topics(FAMILY, (_, _) -> {});
        hearing.start();
        speaking.start();
        heardHere.subscribe(topic);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (heard.sum() == 0) {
            topics.publish(topic, new byte[1]);
            Pauses.of(Duration.ofMillis(20));
            if (System.nanoTime() - end > 0) {
                throw new BenchException("no message came within " + PATIENCE);
            }
        }
        Pauses.of(Duration.ofMillis(500));
    }

    /** Sends {@code messages} of {@code size} bytes, and waits until they were heard or none comes any more. */
    Round round(int messages, int size) {
        byte[] payload = new byte[size];
        long before = heard.sum();
        long lost = 0;
        long cpu = cpu();
        long began = System.nanoTime();
        for (int sent = 1; sent <= messages; sent++) {
            topics.publish(topic, payload);
            lost += await(before + sent - lost - AHEAD);
        }
        lost += await(before + messages - lost);
        double nanos = System.nanoTime() - began;
        return new Round(messages * 1e9 / nanos, (double) (cpu() - cpu) / messages, lost);
    }

    /** Waits for the message with this number, and answers how many are missing when none has come for a while. */
    private long await(long count) {
        long seen = heard.sum();
        long end = System.nanoTime() + STRAGGLERS.toNanos();
        while (seen < count && System.nanoTime() - end < 0) {
            Pauses.of(Duration.ofMillis(1));
            if (heard.sum() > seen) {
                end = System.nanoTime() + STRAGGLERS.toNanos();
            }
            seen = heard.sum();
        }
        return Math.max(0, count - seen);
    }

    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    @Override
    public void close() {
        speaking.close();
        hearing.close();
    }
}
