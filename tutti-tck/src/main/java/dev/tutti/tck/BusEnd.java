package dev.tutti.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The end of one instance at a bus, which records everything that its listener gets. Safe for use by many threads. */
public final class BusEnd implements BusListener {
    /** A call of the listener. */
    public sealed interface Heard {}

    /** A message. */
    @SuppressWarnings("ArrayRecordComponent") // compared by content
    public record Message(String topic, byte[] payload) implements Heard {
        /** A message of text. */
        public Message(String topic, String text) {
            this(topic, text.getBytes(UTF_8));
        }

        /** The payload as text. */
        public String text() {
            return new String(payload, UTF_8);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Message(String otherTopic, byte[] bytes)
                    && otherTopic.equals(topic)
                    && Arrays.equals(bytes, payload);
        }

        @Override
        public int hashCode() {
            return Objects.hash(topic, Arrays.hashCode(payload));
        }

        @Override
        public String toString() {
            return topic + (payload.length > 100 ? ": " + payload.length + " bytes" : ": " + text());
        }
    }

    /** A report that messages may have been lost. */
    public record Gap() implements Heard {}

    private final Bus bus;
    private final List<Heard> heard = new ArrayList<>(); // guarded by itself
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean concurrent;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Starts {@code bus}. */
    public BusEnd(Bus bus) {
        this.bus = bus;
        bus.start(this);
    }

    /** The bus; {@link BusEnds} closes it. */
    public Bus bus() {
        return bus;
    }

    /** As {@link Bus#subscribe}. */
    public void subscribe(String topic) {
        bus.subscribe(topic);
    }

    /** As {@link Bus#unsubscribe}. */
    public void unsubscribe(String topic) {
        bus.unsubscribe(topic);
    }

    /** As {@link Bus#publish}, with {@code text} as the payload. */
    public void publish(String topic, String text) {
        bus.publish(topic, text.getBytes(UTF_8));
    }

    /** Lets the next call of the listener block until {@link #release}. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    /** Lets the listener return again. */
    public void release() {
        gate.countDown();
    }

    /** All calls of the listener since the start or {@link #forget}, in order. */
    public List<Heard> heard() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    /** The messages among {@link #heard()}. */
    public List<Message> messages() {
        return heard().stream()
                .filter(Message.class::isInstance)
                .map(Message.class::cast)
                .toList();
    }

    /** Whether {@link #heard()} contains {@code some}. */
    public boolean heard(Heard some) {
        synchronized (heard) {
            return heard.contains(some);
        }
    }

    /** Drops all records. */
    public void forget() {
        synchronized (heard) {
            heard.clear();
        }
    }

    /** Whether the listener was called by two threads at a time. */
    public boolean wasCalledConcurrently() {
        return concurrent;
    }

    @Override
    public void onMessage(String topic, byte[] payload) {
        hear(new Message(topic, payload));
    }

    @Override
    public void onGap() {
        hear(new Gap());
    }

    private void hear(Heard some) {
        concurrent |= !busy.compareAndSet(false, true);
        try {
            synchronized (heard) {
                heard.add(some);
            }
            gate.await();
        } catch (InterruptedException toEnd) {
            Thread.currentThread().interrupt();
        } finally {
            busy.set(false);
        }
    }
}
