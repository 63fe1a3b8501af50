package dev.tutti.bus;

/**
 * The topics of one capability on the bus, which all capabilities of an instance share. A message does not come back to the instance that
 * published it: the publisher does the local work itself. Safe for use by many threads; never blocks.
 *
 * <p>Messages are sealed with the cluster's secret: only members can read them, and only messages of members are accepted. The names of
 * topics are visible. Without a secret, only messages of an {@link Family#open open} family are carried.
 */
public interface Topics {
    /** The largest payload, in bytes: that of the bus, less the envelope. */
    int MAX_PAYLOAD = Bus.MAX_PAYLOAD - 64;

    /**
     * The identity of a capability on the bus.
     *
     * @param name a word that no other capability uses, without {@code /}
     * @param version the version of its messages, 0 to 255; messages of another version are counted and not read
     * @param open whether its messages are carried without a secret: then anybody may read and forge them
     */
    record Family(String name, int version, boolean open) {
        public Family {
            if (name.isEmpty() || name.indexOf('/') >= 0 || version < 0 || version > 255) {
                throw new IllegalArgumentException("topic family '" + name + "' of version " + version
                        + "; allowed are a word without / and 0 to 255");
            }
        }

        /** A family that needs the secret. */
        public static Family sealed(String name, int version) {
            return new Family(name, version, false);
        }

        /** A family that is carried even without a secret; {@link Topics#isSealed} tells whether there is a secret. */
        public static Family open(String name, int version) {
            return new Family(name, version, true);
        }
    }

    /** Gives each capability its topics. */
    interface Source {
        /**
         * The topics of {@code family}.
         *
         * @throws IllegalStateException if the name of the family is in use
         */
        Topics topics(Family family, Listener listener);
    }

    /** Receives the messages of one family, on the bus's thread; must return quickly. */
    interface Listener {
        /** A message of another instance on {@code topic}; messages of one instance arrive in the order in which it published them. */
        void onMessage(String topic, byte[] payload);

        /** Messages may have been lost up to now. */
        default void onGap() {}
    }

    /** Whether only members of the cluster can read and write here. */
    boolean isSealed();

    /** Subscribes to {@code topic}. Takes effect within some milliseconds. */
    void subscribe(String topic);

    /** Ends the subscription to {@code topic}. */
    void unsubscribe(String topic);

    /** Sends to the other instances that have subscribed to {@code topic}, at most once. */
    void publish(String topic, byte[] payload);
}
