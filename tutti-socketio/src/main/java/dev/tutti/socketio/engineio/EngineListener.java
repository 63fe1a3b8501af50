package dev.tutti.socketio.engineio;

import dev.tutti.protocol.Slice;
import dev.tutti.socket.DisconnectReason;

/**
 * The events of one session, for the protocol that is spoken over Engine.IO; called on the session's event loop. A {@link
 * dev.tutti.protocol.ProtocolException} from a message closes the session.
 */
public interface EngineListener {
    /** A text message, which may be kept. */
    void onText(Slice text);

    /** A binary message, which may be kept. */
    void onBinary(Slice bytes);

    /** {@link EngineSession#ready} was false and is true again. */
    void onDrained();

    /** About once a second, or more often if the heartbeat is faster: look at what has run out. */
    void onTick();

    /** The session has ended; called once, and nothing else behind it. */
    void onClosed(DisconnectReason reason);
}
