package dev.tutti.edge.flow;

import dev.tutti.socket.DisconnectReason;
import io.netty.buffer.ByteBuf;

/**
 * The events of one WebSocket, for the protocol that is spoken over it; called on its event loop. Buffers are only valid within the
 * call.
 */
public interface WebSocketListener {
    /** A text message, valid UTF-8. */
    void onText(ByteBuf utf8);

    /** A binary message. */
    void onBinary(ByteBuf bytes);

    /** The waiting bytes fell below the low mark, after the outbox had not been ready. */
    void onDrained();

    /** The connection ends, or is gone; nothing else is called behind this. Called once. */
    void onClosed(DisconnectReason reason);
}
