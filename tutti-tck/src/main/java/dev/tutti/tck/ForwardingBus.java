package dev.tutti.tck;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusCounts;
import dev.tutti.bus.BusListener;

/** A bus over another one, for tests to change a part of what that does. As safe for many threads as that one. */
public abstract class ForwardingBus implements Bus {
    private final Bus behind;

    /** Over {@code behind}. */
    protected ForwardingBus(Bus behind) {
        this.behind = behind;
    }

    @Override
    public void start(BusListener listener) {
        behind.start(new BusListener() {
            @Override
            public void onMessage(String topic, byte[] payload) {
                deliver(listener, topic, payload);
            }

            @Override
            public void onGap() {
                listener.onGap();
            }
        });
    }

    /** Tells {@code listener} of a message that has come. */
    protected void deliver(BusListener listener, String topic, byte[] payload) {
        listener.onMessage(topic, payload);
    }

    @Override
    public void subscribe(String topic) {
        behind.subscribe(topic);
    }

    @Override
    public void unsubscribe(String topic) {
        behind.unsubscribe(topic);
    }

    @Override
    public void publish(String topic, byte[] payload) {
        behind.publish(topic, payload);
    }

    @Override
    public BusCounts counts() {
        return behind.counts();
    }

    @Override
    public void close() {
        behind.close();
    }
}
