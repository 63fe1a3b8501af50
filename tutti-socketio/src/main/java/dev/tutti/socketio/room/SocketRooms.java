package dev.tutti.socketio.room;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rooms that one socket is in, at most {@value #MOST} with its own. Safe for use by many threads. */
public final class SocketRooms {
    /** In how many rooms a socket may be. */
    public static final int MOST = 1_000;

    private final LocalSocket socket;
    private final Rooms all;
    private Map<String, Rooms.RoomMembership> rooms = Map.of();
    private Rooms.@Nullable RoomMembership presence;
    private boolean closed;

    /** Those of {@code socket}, among {@code all} of its namespace. */
    public SocketRooms(LocalSocket socket, Rooms all) {
        this.socket = socket;
        this.all = all;
    }

    /** The socket can be reached from now on. */
    public synchronized void enter() {
        presence = all.enter(socket);
    }

    /** Puts the socket into {@code room}; false if it is in too many. */
    public synchronized boolean join(String room) {
        if (closed || room.equals(socket.id()) || rooms.containsKey(room)) {
            return true;
        }
        if (rooms.size() >= MOST) {
            return false;
        }
        if (rooms.isEmpty()) {
            rooms = new HashMap<>(4);
        }
        rooms.put(room, all.join(room, socket));
        return true;
    }

    /** Takes it out of {@code room}. */
    public synchronized void leave(String room) {
        Rooms.@Nullable RoomMembership membership = rooms.get(room);
        if (membership != null) {
            rooms.remove(room);
            all.leave(room, membership);
        }
    }

    /** The rooms, without its own. */
    public synchronized Set<String> names() {
        return new HashSet<>(rooms.keySet());
    }

    /** Takes it out of all of them, for ever. */
    public synchronized void close() {
        closed = true;
        rooms.forEach((room, membership) -> all.leave(room, membership));
        rooms = Map.of();
        if (presence != null) {
            all.exit(presence);
            presence = null;
        }
    }
}
