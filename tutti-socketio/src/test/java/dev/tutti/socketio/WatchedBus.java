package dev.tutti.socketio;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.testkit.fixture.ForwardingBus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bus of which one can see what it receives, and what it wants to. */
final class WatchedBus extends ForwardingBus {
    final Set<String> topics = ConcurrentHashMap.newKeySet();
    final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>(); // guarded by itself, like what follows
    private String held = "";

    WatchedBus(Bus bus) {
        super(bus);
    }

    @Override
    protected void deliver(BusListener listener, String topic, byte[] payload) {
        synchronized (waiting) {
            if (topic.equals(held)) {
                waiting.add(() -> deliver(listener, topic, payload));
                return;
            }
        }
        received.add(topic);
        super.deliver(listener, topic, payload);
    }

    /** Lets the messages of {@code topic} wait until {@link #release}. */
    void hold(String topic) {
        synchronized (waiting) {
            held = topic;
        }
    }

    /** How many wait. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** Delivers what has waited. */
    void release() {
        List<Runnable> late;
        synchronized (waiting) {
            held = "";
            late = List.copyOf(waiting);
            waiting.clear();
        }
        late.forEach(Runnable::run);
    }

    @Override
    public void subscribe(String topic) {
        topics.add(topic);
        super.subscribe(topic);
    }

    @Override
    public void unsubscribe(String topic) {
        topics.remove(topic);
        super.unsubscribe(topic);
    }
}
