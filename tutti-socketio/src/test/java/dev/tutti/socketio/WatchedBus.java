package dev.tutti.socketio;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bus of which one can see what it receives, and what it wants to. */
final class WatchedBus implements Bus {
    final Set<String> topics = ConcurrentHashMap.newKeySet();
    final List<String> received = new CopyOnWriteArrayList<>();
    private final Bus bus;

    WatchedBus(Bus bus) {
        this.bus = bus;
    }

    @Override
    public void start(BusListener listener) {
        bus.start(new BusListener() {
            @Override
            public void onMessage(String topic, byte[] payload) {
                received.add(topic);
                listener.onMessage(topic, payload);
            }

            @Override
            public void onGap() {
                listener.onGap();
            }
        });
    }

    @Override
    public void subscribe(String topic) {
        topics.add(topic);
        bus.subscribe(topic);
    }

    @Override
    public void unsubscribe(String topic) {
        topics.remove(topic);
        bus.unsubscribe(topic);
    }

    @Override
    public void publish(String topic, byte[] payload) {
        bus.publish(topic, payload);
    }

    @Override
    public void close() {
        bus.close();
    }
}
