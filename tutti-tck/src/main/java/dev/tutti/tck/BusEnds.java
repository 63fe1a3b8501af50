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

/** The ends of a bus in one test. Closing closes them, and fails if a listener was called concurrently. One thread's. */
public final class BusEnds implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Supplier<Bus> bus;
    private final List<BusEnd> ends = new ArrayList<>();

    /** Ends that {@code bus} gives, each a new one. */
    public BusEnds(Supplier<Bus> bus) {
        this.bus = bus;
    }

    /** One more end, started. */
    public BusEnd start() {
        BusEnd end = new BusEnd(bus.get());
        ends.add(end);
        return end;
    }

    /** Lets {@code to} subscribe to {@code topic}, and returns when it hears {@code from} there. */
    public static void connect(BusEnd from, BusEnd to, String topic) {
        to.subscribe(topic);
        hears(from, to, topic);
    }

    /** Returns when {@code to} hears {@code from} on {@code topic}, and has heard all of it. */
    public static void hears(BusEnd from, BusEnd to, String topic) {
        String hello = "hello " + UUID.randomUUID();
        until("the subscription to " + topic, () -> {
            from.publish(topic, hello);
            return to.heard(new BusEnd.Message(topic, hello));
        });
        delivered(from, to, topic);
    }

    /** Returns when what {@code from} published on {@code topic} was delivered to {@code to}. */
    public static void delivered(BusEnd from, BusEnd to, String topic) {
        String last = "last " + UUID.randomUUID();
        from.publish(topic, last);
        until("the last message on " + topic, () -> to.heard(new BusEnd.Message(topic, last)));
    }

    /** Waits for {@code condition}, which may do something towards it. */
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
