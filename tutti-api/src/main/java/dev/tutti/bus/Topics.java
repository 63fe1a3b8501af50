package dev.tutti.bus;

/**
 * One capability's topics on the bus that it shares with the others of its instance. A message does not come back to the
 * instance that published it: local work is done where it is published. Safe for use by many threads; never blocks.
 *
 * <p>Messages are sealed with the cluster's secret: only members read them, and only messages of members are heard.
 * The names of topics are not hidden. Where there is no secret, only an {@link Family#open open} family is carried at all.
 */
public interface Topics {
    /** The largest payload, in bytes: that of the bus, without what is around it. */
    int MAX_PAYLOAD = Bus.MAX_PAYLOAD - 64;

    /**
     * A capability, as its instances know each other by.
     *
     * @param name a word that no other capability uses, without {@code /}
     * @param version of what they say to each other, 0 to 255: what another version said is counted, and not heard
     * @param open whether it is of use without a secret: then anybody may read what it publishes and make up what it hears
     */
    record Family(String name, int version, boolean open) {
        public Family {
            if (name.isEmpty() || name.indexOf('/') >= 0 || version < 0 || version > 255) {
                throw new IllegalArgumentException("topic family '" + name + "' of version " + version
                        + "; allowed are a word without / and 0 to 255");
            }
        }

        /** One that needs the secret. */
        public static Family sealed(String name, int version) {
            return new Family(name, version, false);
        }

        /** One that is carried without a secret, too; {@link Topics#isSealed} tells whether there is one. */
        public static Family open(String name, int version) {
            return new Family(name, version, true);
        }
    }

    /** Gives each capability its topics. */
    interface Source {
        /**
         * The topics of {@code family}.
         *
         * @throws IllegalStateException if its name is in use
         */
        Topics topics(Family family, Listener listener);
    }

    /** Hears one family's topics: on the bus's thread, so briefly. */
    interface Listener {
        /** A message of another instance on {@code topic}, in the order in which that instance published. */
        void onMessage(String topic, byte[] payload);

        /** Messages may have been lost up to now. */
        default void onGap() {}
    }

    /** Whether only members of the cluster read and write here. */
    boolean isSealed();

    /** Receives {@code topic}, from some milliseconds later on. */
    void subscribe(String topic);

    /** Receives it no more. */
    void unsubscribe(String topic);

    /** Sends to the other instances that receive {@code topic}, if there are any: at most once. */
    void publish(String topic, byte[] payload);
}
