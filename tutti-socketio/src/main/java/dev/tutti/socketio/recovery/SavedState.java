package dev.tutti.socketio.recovery;

import dev.tutti.socketio.room.Target;
import dev.tutti.socketio.wire.PlainValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state that is kept of a socket, as JSON.
 *
 * @param id its id
 * @param person the id of its principal; empty if it is anonymous
 * @param begin the seq of the {@link NamespaceLog} behind which it is in the namespace
 * @param rooms behind which seq it is in which room
 * @param attributes those of its attributes that can be written
 * @param stays its former times in rooms
 */
record SavedState(
        String id,
        String person,
        long begin,
        Map<String, Long> rooms,
        Map<String, Object> attributes,
        RoomHistory stays) {
    SavedState {
        rooms = Map.copyOf(rooms);
        attributes = Map.copyOf(PlainValues.present(attributes));
        stays = orNone(stays);
    }

    private static RoomHistory orNone(@Nullable RoomHistory stays) {
        return stays == null ? RoomHistory.NONE : stays; // an older version wrote none
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
        return rooms.getOrDefault(room, room.equals(id) ? begin : Long.MAX_VALUE) < seq || stays.includes(room, seq);
    }
}
