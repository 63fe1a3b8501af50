package dev.tutti.cluster.bus;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;

/** The bus of an instance that is on its own: nobody else publishes, and nobody else hears. */
public final class NoBus implements Bus {
    @Override
    public void start(BusListener listener) {}

    @Override
    public void subscribe(String topic) {}

    @Override
    public void unsubscribe(String topic) {}

    @Override
    public void publish(String topic, byte[] payload) {}

    @Override
    public void close() {}
}
