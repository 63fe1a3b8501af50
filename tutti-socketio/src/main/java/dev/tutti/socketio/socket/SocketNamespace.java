package dev.tutti.socketio.socket;

import dev.tutti.feed.FeedState;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.engineio.TransportEncodings;
import dev.tutti.socketio.room.Rooms;
import dev.tutti.socketio.room.SocketRooms;
import dev.tutti.stream.Event;
import java.util.List;

/** A namespace, as its sockets at this instance see it. Safe for use by many threads. */
public interface SocketNamespace extends Namespace {
    /** The sockets and rooms that it has here. */
    Rooms rooms();

    /** The state of {@code socket}, which is in {@code rooms}, besides its connection. */
    SocketState state(EnteringSocket socket, SocketRooms rooms);

    /** Whether messages that no handler is for are acknowledged. */
    boolean answersUnknown();

    /** Runs the application's middlewares, in order; what one throws refuses the socket. */
    void runMiddlewares(Socket socket);

    /** Tells the application that {@code socket} is in. */
    void connected(Socket socket);

    /** {@code packets} of one message as they are sent here and now, to be called before the event loops are told. */
    List<EnginePacket> stamped(List<EnginePacket> packets);

    /** How events of streams go to its sockets. */
    TransportEncodings<List<Event>> eventEncodings();

    /** How positions of follow subscriptions do. */
    TransportEncodings<String> positionEncodings();

    /** How feeds do. */
    TransportEncodings<FeedState> feedEncodings();
}
