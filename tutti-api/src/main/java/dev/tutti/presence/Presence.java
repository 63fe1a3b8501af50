package dev.tutti.presence;

import dev.tutti.ListenerRegistration;
import java.util.List;
import java.util.Set;

/**
 * The users who are online, by topic, over all instances. A user with several connections counts once. The application decides on the
 * meaning of a topic: a room, a document, or everything. It is not a topic of the bus ({@link dev.tutti.bus.Topics}): nothing is
 * published to it. Changes are reported at most once and are not stored. The users of a killed instance are gone within ten seconds. A
 * user who comes back in time at another instance was never away.
 *
 * <p>Safe for use by many threads; never blocks.
 */
public interface Presence {
    /** The topic of all users who have a Socket.IO connection to the server, in addition to their other topics. */
    String EVERYWHERE = "";

    /** The longest name of a topic or a user, in characters. */
    int MAX_NAME = 200;

    /** One connection of a user that counts under a topic. */
    interface Registration extends AutoCloseable {
        /** The user has left on purpose, and is gone at once unless there are other registrations. Idempotent. */
        @Override
        void close();

        /**
         * The connection broke, or was told to reconnect elsewhere. The user is gone if no connection comes within some seconds.
         * Idempotent.
         */
        void lost();
    }

    /**
     * A user came, or went.
     *
     * @param topic the topic, as the application names it
     * @param user the user's id
     * @param online whether the user is online now
     */
    record Change(String topic, String user, boolean online) {}

    /** Receives changes. */
    interface Watcher {
        /** Receives the changes of the last tenth of a second, on one thread. Must return quickly. */
        void changed(List<Change> changes);
    }

    /**
     * Counts one more connection of {@code user} under {@code topic}, until the registration is closed or lost.
     *
     * @throws IllegalArgumentException if a name is longer than {@link #MAX_NAME}
     */
    Registration enter(String topic, String user);

    /** The users who are online under {@code topic}, as far as this instance knows. */
    Set<String> online(String topic);

    /** Whether {@code user} is online under {@code topic}, as far as this instance knows. */
    boolean isOnline(String topic, String user);

    /** Adds a watcher of all changes in the whole cluster, until the returned registration is closed. */
    ListenerRegistration watch(Watcher watcher);
}
