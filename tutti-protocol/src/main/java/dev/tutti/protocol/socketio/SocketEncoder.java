package dev.tutti.protocol.socketio;

import dev.tutti.protocol.Slice;
import dev.tutti.protocol.socketio.SocketPacket.Ack;
import dev.tutti.protocol.socketio.SocketPacket.Binary;
import dev.tutti.protocol.socketio.SocketPacket.BinaryAck;
import dev.tutti.protocol.socketio.SocketPacket.BinaryEvent;
import dev.tutti.protocol.socketio.SocketPacket.Connect;
import dev.tutti.protocol.socketio.SocketPacket.ConnectError;
import dev.tutti.protocol.socketio.SocketPacket.Disconnect;
import dev.tutti.protocol.socketio.SocketPacket.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes Socket.IO packets as the text of Engine.IO messages; the attachments of binary ones follow as binary messages of
 * their own. Stateless and safe for use by many threads.
 */
public final class SocketEncoder {
    private SocketEncoder() {}

    /** The part before the payload of {@code packet}: type, attachments, namespace, id; short. */
    public static byte[] head(SocketPacket packet) {
        StringBuilder head = new StringBuilder(32).append(type(packet));
        if (packet instanceof Binary binary) {
            head.append(binary.attachments()).append('-');
        }
        if (!packet.namespace().equals(SocketPacket.MAIN)) {
            head.append(packet.namespace()).append(',');
        }
        long id = id(packet);
        if (id != SocketPacket.NO_ID) {
            head.append(id);
        }
        return head.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The whole of {@code packet}. */
    public static byte[] bytes(SocketPacket packet) {
        byte[] head = head(packet);
        Slice payload = packet.payload();
        ByteBuffer target = ByteBuffer.allocate(head.length + payload.length());
        payload.writeTo(target.put(head));
        return target.array();
    }

    private static char type(SocketPacket packet) {
        return switch (packet) {
            case Connect _ -> '0';
            case Disconnect _ -> '1';
            case Event _ -> '2';
            case Ack _ -> '3';
            case ConnectError _ -> '4';
            case BinaryEvent _ -> '5';
            case BinaryAck _ -> '6';
        };
    }

    private static long id(SocketPacket packet) {
        return switch (packet) {
            case Event event -> event.id();
            case Ack ack -> ack.id();
            case BinaryEvent event -> event.id();
            case BinaryAck ack -> ack.id();
            case Connect _, Disconnect _, ConnectError _ -> SocketPacket.NO_ID;
        };
    }
}
