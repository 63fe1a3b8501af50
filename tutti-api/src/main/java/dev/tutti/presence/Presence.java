package dev.tutti.presence;

import dev.tutti.ListenerRegistration;
import java.util.List;
import java.util.Set;

/**
 * The people who are online at each place, over all instances, counted by person and not by connection. A place is whatever the
 * application means by it, a room or everything. Told at most once and not stored: after a killed instance its people are gone
 * within ten seconds, and who comes back elsewhere in time was never away.
 *
 * <p>Safe for use by many threads; never blocks.
 */
public interface Presence {
    /** The place of those who have a connection of Socket.IO to the server, wherever they are beside that. */
    String EVERYWHERE = "";

    /** The longest name of a place or a person, in characters. */
    int MAX_NAME = 200;

    /** One connection of a person at a place. */
    interface Visit extends AutoCloseable {
        /** The person has left on purpose: gone at once, unless there are other connections. Idempotent. */
        @Override
        void close();

        /** The connection broke, or was sent elsewhere: gone if none comes within some seconds. Idempotent. */
        void lost();
    }

    /**
     * Somebody came, or went.
     *
     * @param place where
     * @param person who
     * @param online whether they are there now
     */
    record Change(String place, String person, boolean online) {}

    /** Hears of changes. */
    interface Watcher {
        /** Is told the changes of the last tenth of a second, on one thread; must be brief. */
        void changed(List<Change> changes);
    }

    /**
     * {@code person} is at {@code place} with one connection more.
     *
     * @throws IllegalArgumentException if a name is longer than {@link #MAX_NAME}
     */
    Visit enter(String place, String person);

    /** The people at {@code place}, as far as this instance has heard. */
    Set<String> online(String place);

    /** Whether {@code person} is at {@code place}, as far as this instance has heard. */
    boolean isOnline(String place, String person);

    /** Adds somebody who hears of all changes, in the whole cluster, until that is closed. */
    ListenerRegistration watch(Watcher watcher);
}
