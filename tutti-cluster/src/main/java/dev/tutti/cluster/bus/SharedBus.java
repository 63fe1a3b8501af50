package dev.tutti.cluster.bus;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.bus.Reconnecting;
import dev.tutti.bus.Topics;
import dev.tutti.concurrent.Failures;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The one bus of an instance, divided between its capabilities. Each message goes in an {@link Envelope}, so that no backend
 * has to be trusted. While there are no other instances nothing is sent; one that has been heard is there, even if it is not known
 * yet who it is. Safe for use by many threads.
 */
public final class SharedBus implements Topics.Source, AutoCloseable {
    private static final char SEPARATOR = '/';
    private static final long LATELY = Duration.ofSeconds(10).toNanos();

    private record FamilyListener(Topics.Family family, Topics.Listener listener) {}

    private final Bus bus;
    private final BooleanSupplier alone;
    private final Envelope envelope;
    private final Refusals refusals;
    private final Map<String, FamilyListener> capabilities = new ConcurrentHashMap<>();
    private final LongSupplier ticker;
    private volatile long heardAt; // when another instance was heard last

    /**
     * Over {@code bus}, which this closes.
     *
     * @param alone whether there is nobody else to hear
     * @param secret what seals the messages; without one only open families are carried
     */
    public SharedBus(Bus bus, BooleanSupplier alone, Optional<ClusterSecret> secret, MeterRegistry meters) {
        this(bus, alone, secret, System::nanoTime, Clock.systemUTC(), meters);
    }

    /** As above; {@code ticker} counts nanoseconds, and {@code clock}, this process's, tells how old messages are. */
    SharedBus(
            Bus bus,
            BooleanSupplier alone,
            Optional<ClusterSecret> secret,
            LongSupplier ticker,
            Clock clock,
            MeterRegistry meters) {
        this.bus = bus;
        this.alone = alone;
        this.envelope =
                secret.<Envelope>map(known -> new SealedEnvelope(known, clock)).orElseGet(OpenEnvelope::new);
        this.refusals = new Refusals(meters);
        this.ticker = ticker;
        this.heardAt = ticker.getAsLong() - LATELY;
        BusMetrics.register(bus, meters);
    }

    @Override
    public Topics topics(Topics.Family family, Topics.Listener listener) {
        if (capabilities.putIfAbsent(family.name(), new FamilyListener(family, listener)) != null) {
            throw new IllegalStateException("topic family " + family.name() + " is in use");
        }
        return new CapabilityTopics(family);
    }

    /** Begins to receive. Blocks until the bus has shown that it works; see {@link Bus#start}. */
    public void start() {
        bus.start(new BusListener() {
            @Override
            public void onMessage(String topic, byte[] frame) {
                dispatch(topic, frame);
            }

            @Override
            public void onGap() {
                capabilities.values().forEach(each -> guarded("*", each.listener()::onGap));
            }
        });
    }

    /** Begins anew with fresh connections, if the bus can. */
    public void reconnect() {
        if (bus instanceof Reconnecting able) {
            able.reconnect();
        }
    }

    private void dispatch(String topic, byte[] frame) {
        int end = topic.indexOf(SEPARATOR);
        FamilyListener capability = end < 0 ? null : capabilities.get(topic.substring(0, end));
        if (capability == null) {
            return;
        }
        switch (opened(capability.family(), topic, frame)) {
            case Opened.RefusalReason reason -> refusals.add(reason, topic);
            case Opened.OpenedMessage(byte[] payload) -> {
                heardAt = ticker.getAsLong();
                guarded(topic, () -> capability.listener().onMessage(topic.substring(end + 1), payload));
            }
        }
    }

    private boolean isAlone() {
        return alone.getAsBoolean() && ticker.getAsLong() - heardAt >= LATELY;
    }

    private Opened opened(Topics.Family family, String topic, byte[] frame) {
        return isCarried(family) ? envelope.open(topic, family.version(), frame) : Opened.RefusalReason.UNSEALED;
    }

    private boolean isCarried(Topics.Family family) {
        return envelope.isSealed() || family.open();
    }

    /** A failure with one message must not keep the next from being heard. */
    private void guarded(String topic, Runnable task) {
        if (!Failures.guard("What another instance said", task)) {
            refusals.add(Opened.RefusalReason.UNREADABLE, topic);
        }
    }

    /** The topics of one capability: on the bus they have its name in front. */
    private final class CapabilityTopics implements Topics {
        private final Family family;
        private final String prefix;

        CapabilityTopics(Family family) {
            this.family = family;
            this.prefix = family.name() + SEPARATOR;
        }

        @Override
        public boolean isSealed() {
            return envelope.isSealed();
        }

        @Override
        public void subscribe(String topic) {
            bus.subscribe(prefix + topic);
        }

        @Override
        public void unsubscribe(String topic) {
            bus.unsubscribe(prefix + topic);
        }

        @Override
        public void publish(String topic, byte[] payload) {
            if (isCarried(family) && !isAlone()) {
                String whole = prefix + topic;
                bus.publish(whole, envelope.close(whole, family.version(), payload));
            }
        }
    }

    @Override
    public void close() {
        bus.close();
    }
}
