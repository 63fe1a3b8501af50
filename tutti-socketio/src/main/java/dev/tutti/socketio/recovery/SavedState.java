package dev.tutti.socketio.recovery;

import dev.tutti.socketio.room.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a socket, as JSON.
 *
 * @param id its id
 * @param person the id of its principal; empty if it is anonymous
 * @param begin the seq of the {@link NamespaceLog} behind which it is in the namespace
 * @param rooms behind which seq it is in which room
 * @param attributes those of its attributes that can be written
 * @param stays those in rooms that it has left, the latest ones
 * @param forgotten up to which seq there may have been others
 */
record SavedState(
        String id,
        String person,
        long begin,
        Map<String, Long> rooms,
        Map<String, Object> attributes,
        List<Stay> stays,
        long forgotten) {
    /** How many stays are kept. */
    static final int MOST_STAYS = 32;

    /** A time in {@code room}: behind seq {@code after} of the {@link NamespaceLog}, up to {@code until}. */
    record Stay(String room, long after, long until) {}

    SavedState {
        rooms = Map.copyOf(rooms);
        attributes = Map.copyOf(attributes);
        stays = known(stays);
    }

    private static List<Stay> known(@Nullable List<Stay> stays) {
        return stays == null ? List.of() : List.copyOf(stays); // an older version wrote none
    }

    /** {@code stays} and {@code latest}, without the first if those are too many. */
    static List<Stay> with(List<Stay> stays, Stay latest) {
        List<Stay> all = new ArrayList<>(stays);
        all.add(latest);
        return List.copyOf(all.subList(Math.max(0, all.size() - MOST_STAYS), all.size()));
    }

    /** Whether it is known of each message behind {@code seq} if it {@link #isMeant}. */
    boolean knows(long seq) {
        return forgotten <= seq;
    }

    /** Whether it was to get what went to {@code who} as message {@code seq}. */
    boolean isMeant(Target who, long seq) {
        if (who.without().stream().anyMatch(room -> wasIn(room, seq))) {
            return false;
        }
        return who.rooms().isEmpty() ? begin < seq : who.rooms().stream().anyMatch(room -> wasIn(room, seq));
    }

    /** Whether it was in {@code room} when message {@code seq} was sent. */
    private boolean wasIn(String room, long seq) {
        return rooms.getOrDefault(room, room.equals(id) ? begin : Long.MAX_VALUE) < seq
                || stays.stream().anyMatch(stay -> stay.room.equals(room) && stay.after < seq && seq <= stay.until);
    }
}
