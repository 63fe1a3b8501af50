package dev.tutti.socketio.socket;

import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socketio.room.LocalSocket;
import java.util.List;

/** A socket, as what decides whether and as which one it is let in sees it. */
public interface EnteringSocket extends LocalSocket {
    /** Becomes the socket {@code former}, before it is in; nothing is sent before its client was told what it missed. */
    void resume(String former);

    /**
     * Is in, which its client is told, with what it missed.
     *
     * @param secret what the client comes back with; empty if it cannot
     * @param missed the packets of each message
     * @return false if the client has gone meanwhile
     */
    boolean enter(String secret, List<List<EnginePacket>> missed);
}
