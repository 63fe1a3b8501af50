package dev.tutti.protocol.socketio;

import dev.tutti.protocol.Slice;

/**
 * One Socket.IO packet, in either direction, without its binary attachments. Payloads are JSON of which only the first
 * byte is looked at here.
 */
public sealed interface SocketPacket {
    /** The namespace that is meant when a packet names none. */
    String MAIN = "/";

    /** The id of a packet for which no acknowledgement is asked. */
    long NO_ID = -1;

    /** The largest acknowledgement id: what JavaScript counts to without loss. */
    long MAX_ID = (1L << 53) - 1;

    /** The namespace, which begins with a slash. */
    String namespace();

    /** The payload; empty if there is none. */
    Slice payload();

    /** A packet that is followed by as many binary messages as it says. */
    sealed interface Binary extends SocketPacket {
        /** How many, 0 or more. */
        int attachments();
    }

    /**
     * A client asks to join a namespace, or a server says that it did.
     *
     * @param payload a JSON object: the client's credentials, or the server's {@code sid}; empty if there is none
     */
    record Connect(String namespace, Slice payload) implements SocketPacket {}

    /** One side leaves a namespace. */
    record Disconnect(String namespace) implements SocketPacket {
        @Override
        public Slice payload() {
            return Slice.EMPTY;
        }
    }

    /**
     * A message.
     *
     * @param id what an {@link Ack} shall refer to, 0 to {@link #MAX_ID}, or {@link #NO_ID}
     * @param payload a JSON array, the event's name first
     */
    record Event(String namespace, long id, Slice payload) implements SocketPacket {}

    /**
     * An acknowledgement.
     *
     * @param id what it refers to, 0 to {@link #MAX_ID}
     * @param payload a JSON array
     */
    record Ack(String namespace, long id, Slice payload) implements SocketPacket {}

    /**
     * A server refuses a client in a namespace.
     *
     * @param payload a JSON object with a {@code message}, or a JSON string
     */
    record ConnectError(String namespace, Slice payload) implements SocketPacket {}

    /** An {@link Event} in whose payload {@code {"_placeholder":true,"num":n}} stands for attachment n. */
    record BinaryEvent(String namespace, long id, int attachments, Slice payload) implements Binary {}

    /** An {@link Ack} in whose payload {@code {"_placeholder":true,"num":n}} stands for attachment n. */
    record BinaryAck(String namespace, long id, int attachments, Slice payload) implements Binary {}
}
