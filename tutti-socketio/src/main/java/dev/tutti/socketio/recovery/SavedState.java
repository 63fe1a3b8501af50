package dev.tutti.socketio.recovery;

import dev.tutti.socketio.room.Target;
import java.util.Map;

/**
 * What is kept of a socket, as JSON.
 *
 * @param id its id
 * @param person the id of its principal; empty if it is anonymous
 * @param begin the seq of the {@link NamespaceLog} behind which it is in the namespace
 * @param rooms behind which seq it is in which room
 * @param attributes those of its attributes that can be written
 */
record SavedState(String id, String person, long begin, Map<String, Long> rooms, Map<String, Object> attributes) {
    SavedState {
        rooms = Map.copyOf(rooms);
        attributes = Map.copyOf(attributes);
    }

    /** Whether it was to get what went to {@code who} as message {@code seq}. */
    boolean isMeant(Target who, long seq) {
        if (who.without().stream().anyMatch(room -> wasIn(room, seq))) {
            return false;
        }
        return who.rooms().isEmpty() ? begin < seq : who.rooms().stream().anyMatch(room -> wasIn(room, seq));
    }

    /** Whether it is in {@code room}, and was when message {@code seq} was sent. */
    private boolean wasIn(String room, long seq) {
        return rooms.getOrDefault(room, room.equals(id) ? begin : Long.MAX_VALUE) < seq;
    }
}
