package dev.tutti.presence;

import dev.tutti.ListenerRegistration;
import java.util.List;
import java.util.Set;

/**
 * The users who are online under each topic, over all instances, counted by user and not by connection. A topic is whatever the
 * application means by it: a room, a document, or everything. It is no topic of the bus ({@link dev.tutti.bus.Topics}):
 * nothing is published to it. Changes are told at most once and are not stored. The users of a killed instance
 * are gone within ten seconds; a user who comes back in time at another instance was never away.
 *
 * <p>Safe for use by many threads; never blocks.
 */
public interface Presence {
    /** The topic of all users who have a Socket.IO connection to the server, whichever other topics they are under as well. */
    String EVERYWHERE = "";

    /** The longest name of a topic or a user, in characters. */
    int MAX_NAME = 200;

    /** One connection of a user, as it counts under a topic. */
    interface Registration extends AutoCloseable {
        /** The user has left on purpose: gone at once, unless there are other registrations. Idempotent. */
        @Override
        void close();

        /** The connection broke, or was sent elsewhere: gone if none comes within some seconds. Idempotent. */
        void lost();
    }

    /**
     * A user came, or went.
     *
     * @param topic the topic, as the application names it
     * @param user the user's id
     * @param online whether the user is there now
     */
    record Change(String topic, String user, boolean online) {}

    /** Hears of changes. */
    interface Watcher {
        /** Is told the changes of the last tenth of a second, on one thread; must be brief. */
        void changed(List<Change> changes);
    }

    /**
     * Counts one connection more of {@code user} under {@code topic}, until the registration is closed or lost.
     *
     * @throws IllegalArgumentException if a name is longer than {@link #MAX_NAME}
     */
    Registration enter(String topic, String user);

    /** The users under {@code topic}, as far as this instance has heard. */
    Set<String> online(String topic);

    /** Whether {@code user} is online under {@code topic}, as far as this instance has heard. */
    boolean isOnline(String topic, String user);

    /** Adds a watcher of all changes, in the whole cluster, until the answer is closed. */
    ListenerRegistration watch(Watcher watcher);
}
