package dev.tutti.socketio.socket;

import dev.tutti.socket.DisconnectReason;
import java.util.concurrent.ConcurrentMap;

/** The state of a socket besides its connection: the rooms that it is in, and its attributes. Safe for use by many threads. */
public interface SocketState {
    /** Whether they outlast the connection: then what changes them blocks. */
    boolean areKept();

    /** Which of the connections it is that its client has had as this socket: they are numbered from 1 on. */
    long claim();

    /** The attributes, for the application. */
    ConcurrentMap<String, Object> data();

    /** Puts the socket into {@code room}; false if it is in too many. */
    boolean join(String room);

    /** Takes it out of {@code room}. */
    void leave(String room);

    /** Lets the socket in, on a virtual thread; whether it is in: the client may have gone meanwhile. */
    boolean admit();

    /** The connection has ended; on the event loop. */
    void ended(DisconnectReason reason);
}
