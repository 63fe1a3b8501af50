package dev.tutti.core.bus;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.bus.Topics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one bus of an instance, divided between its capabilities. While there are no other instances nothing is sent. Safe
 * for use by many threads.
 */
public final class SharedBus implements Topics.Source, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SharedBus.class);
    private static final char SEPARATOR = '/';

    private final Bus bus;
    private final BooleanSupplier alone;
    private final Map<String, Topics.Listener> families = new ConcurrentHashMap<>();

    /** Over {@code bus}, which this closes; {@code alone} says whether there is nobody else to hear. */
    public SharedBus(Bus bus, BooleanSupplier alone) {
        this.bus = bus;
        this.alone = alone;
    }

    @Override
    public Topics topics(String family, Topics.Listener listener) {
        if (families.putIfAbsent(family, listener) != null) {
            throw new IllegalStateException("topic family " + family + " is in use");
        }
        return new Family(family + SEPARATOR);
    }

    /** Begins to receive. Blocks until the bus has shown that it works; see {@link Bus#start}. */
    public void start() {
        bus.start(new BusListener() {
            @Override
            public void onMessage(String topic, byte[] payload) {
                dispatch(topic, payload);
            }

            @Override
            public void onGap() {
                families.values().forEach(listener -> guarded(listener::onGap));
            }
        });
    }

    private void dispatch(String topic, byte[] payload) {
        int end = topic.indexOf(SEPARATOR);
        Topics.Listener listener = end < 0 ? null : families.get(topic.substring(0, end));
        if (listener != null) {
            guarded(() -> listener.onMessage(topic.substring(end + 1), payload));
        }
    }

    /** What is wrong with one message must not keep the next from being heard. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            log.error("A message of another instance could not be taken; the next one is", failure);
        }
    }

    private final class Family implements Topics {
        private final String prefix;

        Family(String prefix) {
            this.prefix = prefix;
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
            if (!alone.getAsBoolean()) {
                bus.publish(prefix + topic, payload);
            }
        }
    }

    @Override
    public void close() {
        bus.close();
    }
}
