package dev.tutti.memory;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One instance's end of a bus between instances that live in the same process. Safe for use by many threads; each end has
 * a thread of its own on which its listener is called.
 */
public final class MemoryBus implements Bus {
    private static final int MAX_WAITING = 100_000;

    /** What connects the ends. */
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
    private final Semaphore room = new Semaphore(MAX_WAITING);
    private final AtomicBoolean overflowed = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("tutti-memory-bus").factory());
    private volatile @Nullable BusListener listener;

    /** An end that receives once it is started. */
    public MemoryBus(Wire wire) {
        this.wire = wire;
    }

    @Override
    public void start(BusListener listener) {
        this.listener = listener;
        wire.ends.add(this);
    }

    @Override
    public void subscribe(String topic) {
        topics.add(topic);
    }

    @Override
    public void unsubscribe(String topic) {
        topics.remove(topic);
    }

    @Override
    public synchronized void publish(String topic, byte[] payload) {
        if (topic.length() > MAX_TOPIC || payload.length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a topic of " + topic.length() + " characters with " + payload.length
                    + " bytes; allowed are " + MAX_TOPIC + " and " + MAX_PAYLOAD);
        }
        for (MemoryBus end : wire.ends) {
            if (!end.equals(this) && end.topics.contains(topic)) {
                end.receive(topic, payload.clone());
            }
        }
    }

    private void receive(String topic, byte[] payload) {
        if (!room.tryAcquire()) {
            overflowed.set(true);
            return;
        }
        deliver(to -> {
            room.release();
            if (overflowed.compareAndSet(true, false)) {
                to.onGap();
            }
            if (topics.contains(topic)) {
                to.onMessage(topic, payload);
            }
        });
    }

    /** Lets the listener believe that something was lost, as a lost connection would. */
    public void interrupt() {
        deliver(BusListener::onGap);
    }

    private void deliver(Consumer<BusListener> task) {
        BusListener to = listener;
        if (to != null) {
            try {
                thread.execute(() -> task.accept(to));
            } catch (RejectedExecutionException closed) {
                // whoever is closed misses what comes later
            }
        }
    }

    @Override
    public void close() {
        wire.ends.remove(this);
        thread.shutdown();
    }
}
