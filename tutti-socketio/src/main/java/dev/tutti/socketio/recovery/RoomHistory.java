package dev.tutti.socketio.recovery;

import java.util.ArrayList;
import java.util.List;

/**
 * The history of a socket's rooms: the times that it has spent in those which it has left. Immutable.
 *
 * @param latest at most {@link #MOST}, in the order in which they ended
 * @param forgotten up to which seq of the {@link NamespaceLog} there may have been others
 */
record RoomHistory(List<Interval> latest, long forgotten) {
    /** How many are kept. */
    static final int MOST = 32;

    /** None yet. */
    static final RoomHistory NONE = new RoomHistory(List.of(), 0);

    /** A time in {@code room}: behind seq {@code after}, up to {@code until}. */
    record Interval(String room, long after, long until) {}

    RoomHistory {
        latest = List.copyOf(latest);
    }

    /** This and {@code interval}, unless nothing can have been sent in it; the first is forgotten if there are too many. */
    RoomHistory with(Interval interval) {
        if (interval.after >= interval.until) {
            return this;
        }
        List<Interval> all = new ArrayList<>(latest);
        all.add(interval);
        return all.size() <= MOST
                ? new RoomHistory(all, forgotten)
                : new RoomHistory(all.subList(1, all.size()), Math.max(forgotten, all.getFirst().until));
    }

    /** Whether all intervals are known in which something behind {@code seq} can have been sent. */
    boolean isCompleteBehind(long seq) {
        return forgotten <= seq;
    }

    /** Whether message {@code seq} was sent in one of the intervals in {@code room}. */
    boolean includes(String room, long seq) {
        return latest.stream()
                .anyMatch(interval -> interval.room.equals(room) && interval.after < seq && seq <= interval.until);
    }
}
