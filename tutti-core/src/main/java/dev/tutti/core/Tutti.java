package dev.tutti.core;

import dev.tutti.core.health.Health;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.core.stream.StreamSettings;
import dev.tutti.core.stream.Streams;
import dev.tutti.stream.StreamStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/**
 * One instance: its streams, its health, its identity, and the order in which its parts are closed. Servers and features
 * are built on one of these. Safe for use by many threads.
 */
public final class Tutti implements AutoCloseable {
    private final InstanceId instance;
    private final MeterRegistry meters;
    private final JsonCodec json = new JsonCodec();
    private final Health health = new Health();
    private final Lifecycle lifecycle;
    private final Streams streams;

    private Tutti(Builder builder) {
        instance = builder.instance;
        meters = builder.meters;
        lifecycle = new Lifecycle(builder.closeWithin);
        streams = lifecycle.started("streams", new Streams(builder.store, builder.streamSettings, meters));
    }

    /** An instance over {@code store}, which the caller closes after it. */
    public static Builder over(StreamStore store) {
        return new Builder(store);
    }

    /** Its streams. */
    public Streams streams() {
        return streams;
    }

    /** Its name. */
    public InstanceId instance() {
        return instance;
    }

    /** How it is. */
    public Health health() {
        return health;
    }

    /** Where its parts report what they measure. */
    public MeterRegistry meters() {
        return meters;
    }

    /** How it reads and writes JSON. */
    public JsonCodec json() {
        return json;
    }

    /** What is closed with it: who starts something on top of it notes that here. */
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /** Closes what was started on it, latest first, and then its streams. Idempotent. */
    @Override
    public void close() {
        health.drain();
        lifecycle.close();
    }

    /** How an instance shall be. Not safe for use by several threads. */
    public static final class Builder {
        private final StreamStore store;
        private InstanceId instance = InstanceId.random();
        private MeterRegistry meters = new SimpleMeterRegistry();
        private StreamSettings streamSettings = StreamSettings.DEFAULT;
        private Duration closeWithin = Duration.ofSeconds(30);

        private Builder(StreamStore store) {
            this.store = store;
        }

        /** Its name; {@link InstanceId#random} unless set. */
        public Builder instance(InstanceId instance) {
            this.instance = instance;
            return this;
        }

        /** Where measurements go; kept in memory unless set. */
        public Builder meters(MeterRegistry meters) {
            this.meters = meters;
            return this;
        }

        /** How its streams are run. */
        public Builder streams(StreamSettings settings) {
            this.streamSettings = settings;
            return this;
        }

        /** How long closing may take; 30 s unless set. */
        public Builder closeWithin(Duration budget) {
            this.closeWithin = budget;
            return this;
        }

        /** The instance, running. */
        public Tutti start() {
            return new Tutti(this);
        }
    }
}
