package dev.tutti.socketio.socket;

import dev.tutti.socket.DisconnectReason;
import dev.tutti.socketio.room.SocketRooms;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The rooms and attributes of a socket, kept in memory and gone with its connection. */
public final class TransientState implements SocketState {
    private final EnteringSocket socket;
    private final SocketRooms rooms;
    private @Nullable ConcurrentMap<String, Object> attributes; // most sockets have none

    /** The state of {@code socket}, which is in {@code rooms}. */
    public TransientState(EnteringSocket socket, SocketRooms rooms) {
        this.socket = socket;
        this.rooms = rooms;
    }

    @Override
    public boolean areKept() {
        return false;
    }

    @Override
    public long claim() {
        return 1; // there is no other one
    }

    @Override
    public synchronized ConcurrentMap<String, Object> data() {
        if (attributes == null) {
            attributes = new ConcurrentHashMap<>(4);
        }
        return attributes;
    }

    @Override
    public boolean join(String room) {
        return rooms.join(room);
    }

    @Override
    public void leave(String room) {
        rooms.leave(room);
    }

    @Override
    public boolean admit() {
        return socket.enter("", List.of());
    }

    @Override
    public void ended(DisconnectReason reason) {
        // nothing is left of them
    }
}
