package dev.tutti.socketio.cluster;

import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socketio.room.Rooms;
import java.util.List;

/** A namespace at this instance, as the cluster delivers to it. Safe for use by many threads. */
public interface LocalNamespace {
    /** The sockets and rooms that it has here. */
    Rooms rooms();

    /** Whether sockets come back, so that one may be at another instance than its id says. */
    boolean isRecoverable();

    /** {@code packets} of one message as they are sent here and now, to be called before the event loops are told. */
    List<EnginePacket> stamped(List<EnginePacket> packets);

    /** The messages of the other instances' applications to this one's. */
    ServerEvents serverEvents();
}
