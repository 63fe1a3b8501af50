package dev.tutti.memory;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.bus.BusReceiver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One instance's end of a bus between instances that live in the same process. Safe for use by many threads; each end has
 * a thread of its own on which its listener is called.
 */
public final class MemoryBus implements Bus {
    /** The wire that connects the ends. */
    public static final class Wire {
        private final CopyOnWriteArrayList<MemoryBus> ends = new CopyOnWriteArrayList<>();

        /** Separates all ends from each other, and answers which they were. */
        public List<MemoryBus> unplug() {
            List<MemoryBus> all = List.copyOf(ends);
            ends.clear();
            return all;
        }

        /** Connects the ends again, without telling them what they have missed. */
        public void plug(List<MemoryBus> all) {
            ends.addAll(all);
        }
    }

    private final Wire wire;
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private volatile @Nullable BusReceiver busReceiver; // from start to close

    /** An end that receives once it is started. */
    public MemoryBus(Wire wire) {
        this.wire = wire;
    }

    @Override
    public synchronized void start(BusListener listener) {
        busReceiver = new BusReceiver("tutti-memory-bus", listener);
        wire.ends.add(this);
    }

    @Override
    public void subscribe(String topic) {
        check(topic, 0);
        topics.add(topic);
    }

    @Override
    public void unsubscribe(String topic) {
        topics.remove(topic);
    }

    /** Hands it over; one at a time, so that messages of many threads have an order. */
    @Override
    public synchronized void publish(String topic, byte[] payload) {
        check(topic, payload.length);
        if (busReceiver == null) {
            return;
        }
        for (MemoryBus end : wire.ends) {
            BusReceiver to = end.busReceiver;
            if (!end.equals(this) && to != null && end.topics.contains(topic)) {
                to.add(topic, payload.clone());
            }
        }
    }

    private static void check(String topic, int bytes) {
        if (topic.length() > MAX_TOPIC || bytes > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a topic of " + topic.length() + " characters with " + bytes
                    + " bytes; allowed are " + MAX_TOPIC + " and " + MAX_PAYLOAD);
        }
    }

    /** Lets the listener believe that something was lost, as a lost connection would. */
    public void interrupt() {
        BusReceiver open = busReceiver;
        if (open != null) {
            open.gap();
        }
    }

    @Override
    public void close() {
        BusReceiver open;
        synchronized (this) {
            wire.ends.remove(this);
            open = busReceiver;
            busReceiver = null;
        }
        if (open != null) {
            open.close();
        }
    }
}
