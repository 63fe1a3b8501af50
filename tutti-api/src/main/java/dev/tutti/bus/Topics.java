package dev.tutti.bus;

/**
 * One capability's topics on the bus that it shares with the others of its instance. What an instance publishes does not
 * come back to itself: local work is done where it is published. Safe for use by many threads; never blocks.
 */
public interface Topics {
    /** Gives each capability its topics. */
    interface Source {
        /**
         * The topics of {@code family}, a word that no other capability uses.
         *
         * @throws IllegalStateException if it is in use
         */
        Topics topics(String family, Listener listener);
    }

    /** Hears one family's topics: on the bus's thread, so briefly. */
    interface Listener {
        /** A message of another instance on {@code topic}, in the order in which that instance published. */
        void onMessage(String topic, byte[] payload);

        /** Messages may have been lost up to now. */
        default void onGap() {}
    }

    /** Receives {@code topic}, from some milliseconds later on. */
    void subscribe(String topic);

    /** Receives it no more. */
    void unsubscribe(String topic);

    /** Sends to the other instances that receive {@code topic}, if there are any: at most once. */
    void publish(String topic, byte[] payload);
}
