package dev.tutti.protocol.socketio;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.socketio.SocketPacket.Ack;
import dev.tutti.protocol.socketio.SocketPacket.BinaryAck;
import dev.tutti.protocol.socketio.SocketPacket.BinaryEvent;
import dev.tutti.protocol.socketio.SocketPacket.Connect;
import dev.tutti.protocol.socketio.SocketPacket.ConnectError;
import dev.tutti.protocol.socketio.SocketPacket.Disconnect;
import dev.tutti.protocol.socketio.SocketPacket.Event;

/**
 * Reads Socket.IO packets from the text of Engine.IO messages. Total: any bytes give a packet or a {@link
 * ProtocolException}. A packet's payload refers to the bytes that were given; only its namespace is copied. Stateless and
 * safe for use by many threads.
 */
public final class SocketDecoder {
    /** The longest namespace, in bytes. */
    public static final int MAX_NAMESPACE_BYTES = 256;

    private static final int MAX_ID_DIGITS = 16;

    private SocketDecoder() {}

    /**
     * The packet in {@code text}.
     *
     * @throws ProtocolException if there is none
     */
    public static SocketPacket decode(Slice text) {
        if (text.isEmpty()) {
            throw new ProtocolException("expected a Socket.IO packet, got nothing");
        }
        byte type = text.at(0);
        if (type < '0' || type > '6') {
            throw new ProtocolException(
                    "expected a Socket.IO packet type, 0 to 6, got byte " + Byte.toUnsignedInt(type));
        }
        Cursor cursor = new Cursor(text);
        int attachments = type >= '5' ? cursor.attachments() : 0;
        String namespace = cursor.namespace();
        long id = cursor.id();
        Slice payload = cursor.rest();
        return switch (type) {
            case '0' -> new Connect(withoutId(id, namespace), payload.isEmpty() ? payload : starting(payload, '{'));
            case '1' -> new Disconnect(withoutId(id, nothing(payload, namespace)));
            case '2' -> new Event(namespace, id, starting(payload, '['));
            case '3' -> new Ack(namespace, required(id), starting(payload, '['));
            case '4' -> new ConnectError(withoutId(id, namespace), objectOrString(payload));
            case '5' -> new BinaryEvent(namespace, id, attachments, starting(payload, '['));
            default -> new BinaryAck(namespace, required(id), attachments, starting(payload, '['));
        };
    }

    private static String withoutId(long id, String namespace) {
        if (id != SocketPacket.NO_ID) {
            throw new ProtocolException("expected no acknowledgement id in this type of packet, got " + id);
        }
        return namespace;
    }

    private static long required(long id) {
        if (id == SocketPacket.NO_ID) {
            throw new ProtocolException("expected an id in an acknowledgement, got none");
        }
        return id;
    }

    private static String nothing(Slice payload, String namespace) {
        if (!payload.isEmpty()) {
            throw new ProtocolException(
                    "expected nothing behind a disconnect packet, got " + payload.length() + " bytes");
        }
        return namespace;
    }

    private static Slice starting(Slice payload, char first) {
        if (payload.isEmpty() || payload.at(0) != first) {
            throw new ProtocolException("expected a payload that begins with " + first);
        }
        return payload;
    }

    private static Slice objectOrString(Slice payload) {
        return !payload.isEmpty() && payload.at(0) == '"' ? payload : starting(payload, '{');
    }

    /** Where in the text reading is: behind the type, at first. */
    private static final class Cursor {
        private final Slice text;
        private int at = 1;

        Cursor(Slice text) {
            this.text = text;
        }

        int attachments() {
            long count = number(4, "attachments");
            if (count == SocketPacket.NO_ID || at == text.length() || text.at(at) != '-') {
                throw new ProtocolException("expected a number of attachments and a hyphen in a binary packet");
            }
            at++;
            return (int) count;
        }

        String namespace() {
            if (at == text.length() || text.at(at) != '/') {
                return SocketPacket.MAIN;
            }
            int comma = text.indexOf((byte) ',', at);
            int end = comma < 0 ? text.length() : comma;
            if (end - at > MAX_NAMESPACE_BYTES) {
                throw new ProtocolException("expected a namespace of at most " + MAX_NAMESPACE_BYTES + " bytes");
            }
            String namespace = text.from(at, end).text();
            at = comma < 0 ? end : comma + 1;
            return namespace;
        }

        long id() {
            long id = number(MAX_ID_DIGITS, "id");
            if (id > SocketPacket.MAX_ID) {
                throw new ProtocolException("expected an id of at most " + SocketPacket.MAX_ID + ", got " + id);
            }
            return id;
        }

        Slice rest() {
            return text.from(at);
        }

        private long number(int maxDigits, String what) {
            int begin = at;
            long value = 0;
            while (at < text.length() && text.at(at) >= '0' && text.at(at) <= '9') {
                if (at - begin == maxDigits) {
                    throw new ProtocolException("expected at most " + maxDigits + " digits of " + what);
                }
                value = value * 10 + text.at(at) - '0';
                at++;
            }
            return at == begin ? SocketPacket.NO_ID : value;
        }
    }
}
