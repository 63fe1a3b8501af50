package dev.tutti.bus;

/** Receives the messages of a {@link Bus}: on one thread at a time, in order. It must return quickly, and must not throw. */
public interface BusListener {
    /** A message of another instance on a subscribed topic. The listener may keep and change {@code payload}. */
    void onMessage(String topic, byte[] payload);

    /** Messages of any topic may have been lost up to now, because the connection was lost or a buffer was full. */
    void onGap();
}
