package dev.tutti.bus;

/** Hears what comes over a {@link Bus}: on one thread at a time, in order. It must be brief, and does not throw. */
public interface BusListener {
    /** A message of another instance on a topic that was subscribed to; {@code payload} is the listener's. */
    void onMessage(String topic, byte[] payload);

    /** Messages of any topic may have been lost up to now: the connection was, or a buffer was full. */
    void onGap();
}
