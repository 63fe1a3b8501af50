package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.bus.Bus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * The ends of one bus in a test. {@link #close} closes all ends, and fails if a listener was called by two threads at a time. For one
 * thread.
 */
public final class BusEnds implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Supplier<Bus> bus;
    private final List<BusEnd> ends = new ArrayList<>();

    /** No ends yet; {@code bus} returns a new end at each call. */
    public BusEnds(Supplier<Bus> bus) {
        this.bus = bus;
    }

    /** Opens and starts another end. */
    public BusEnd start() {
        BusEnd end = new BusEnd(bus.get());
        ends.add(end);
        return end;
    }

    /** Subscribes {@code to} to {@code topic}, and blocks until it receives messages of {@code from} there. */
    public static void connect(BusEnd from, BusEnd to, String topic) {
        to.subscribe(topic);
        hears(from, to, topic);
    }

    /** Blocks until {@code to} receives messages of {@code from} on {@code topic}, and has received all of them so far. */
    public static void hears(BusEnd from, BusEnd to, String topic) {
        String hello = "hello " + UUID.randomUUID();
        until("the subscription to " + topic, () -> {
            from.publish(topic, hello);
            return to.heard(new BusEnd.Message(topic, hello));
        });
        delivered(from, to, topic);
    }

    /** Blocks until all messages that {@code from} has published on {@code topic} were delivered to {@code to}. */
    public static void delivered(BusEnd from, BusEnd to, String topic) {
        String last = "last " + UUID.randomUUID();
        from.publish(topic, last);
        until("the last message on " + topic, () -> to.heard(new BusEnd.Message(topic, last)));
    }

    /**
     * Blocks until {@code condition} is true; it may also act, such as publish. {@code what} is its name for the failure after a time-out.
     */
    public static void until(String what, Callable<Boolean> condition) {
        await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL).until(condition);
    }

    @Override
    public void close() {
        ends.forEach(BusEnd::release);
        ends.forEach(end -> end.bus().close());
        assertThat(ends).noneMatch(BusEnd::wasCalledConcurrently);
    }
}
