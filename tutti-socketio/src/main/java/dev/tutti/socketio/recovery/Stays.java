package dev.tutti.socketio.recovery;

import java.util.ArrayList;
import java.util.List;

/**
 * The times that a socket has spent in rooms which it has left. Immutable.
 *
 * @param latest at most {@link #MOST}, in the order in which they ended
 * @param forgotten up to which seq of the {@link NamespaceLog} there may have been others
 */
record Stays(List<Stay> latest, long forgotten) {
    /** How many are kept. */
    static final int MOST = 32;

    /** None yet. */
    static final Stays NONE = new Stays(List.of(), 0);

    /** A time in {@code room}: behind seq {@code after}, up to {@code until}. */
    record Stay(String room, long after, long until) {}

    Stays {
        latest = List.copyOf(latest);
    }

    /** These and {@code stay}, unless nothing can have been sent in it; the first is forgotten if there are too many. */
    Stays with(Stay stay) {
        if (stay.after >= stay.until) {
            return this;
        }
        List<Stay> all = new ArrayList<>(latest);
        all.add(stay);
        return all.size() <= MOST
                ? new Stays(all, forgotten)
                : new Stays(all.subList(1, all.size()), Math.max(forgotten, all.getFirst().until));
    }

    /** Whether all stays are known in which something behind {@code seq} can have been sent. */
    boolean areKnownBehind(long seq) {
        return forgotten <= seq;
    }

    /** Whether message {@code seq} was sent in one of those in {@code room}. */
    boolean include(String room, long seq) {
        return latest.stream().anyMatch(stay -> stay.room.equals(room) && stay.after < seq && seq <= stay.until);
    }
}
