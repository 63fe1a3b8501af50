package dev.tutti.protocol.engineio;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket.Binary;
import dev.tutti.protocol.engineio.EnginePacket.Message;
import dev.tutti.protocol.engineio.EnginePacket.Open;
import dev.tutti.protocol.engineio.EnginePacket.Ping;
import dev.tutti.protocol.engineio.EnginePacket.Pong;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Reads Engine.IO packets. Total: any bytes give a packet or a {@link ProtocolException}. The packet refers to the
 * bytes that it was given; nothing is copied. Stateless and safe for use by many threads.
 *
 * <p>It reads both directions; which packets a peer may send at a given moment is the session's affair.
 */
public final class EngineDecoder {
    private EngineDecoder() {}

    /**
     * The packet in one WebSocket text frame, or in one part of a polling payload.
     *
     * @throws ProtocolException if there is none
     */
    public static EnginePacket text(Slice frame) {
        if (frame.isEmpty()) {
            throw new ProtocolException("expected an Engine.IO packet, got nothing");
        }
        byte type = frame.at(0);
        return switch (type) {
            case '0' -> new Open(frame.from(1));
            case '1' -> alone(frame, EnginePacket.CLOSE);
            case '2' -> frame.length() == 1 ? EnginePacket.PING : new Ping(frame.from(1));
            case '3' -> frame.length() == 1 ? EnginePacket.PONG : new Pong(frame.from(1));
            case '4' -> new Message(frame.from(1));
            case '5' -> alone(frame, EnginePacket.UPGRADE);
            case '6' -> alone(frame, EnginePacket.NOOP);
            case 'b' -> base64(frame.from(1));
            default ->
                throw new ProtocolException(
                        "expected an Engine.IO packet type, 0 to 6 or b, got byte " + Byte.toUnsignedInt(type));
        };
    }

    /** The packet in one WebSocket binary frame, which is always a message. */
    public static EnginePacket binary(Slice frame) {
        return new Binary(frame);
    }

    private static EnginePacket base64(Slice digits) {
        try {
            Slice line = digits.indexOf((byte) '\n', 0) < 0 ? digits : joined(digits);
            ByteBuffer decoded =
                    Base64.getDecoder().decode(ByteBuffer.wrap(line.array(), line.offset(), line.length()));
            return new Binary(Slice.of(decoded.array(), decoded.arrayOffset(), decoded.remaining()));
        } catch (IllegalArgumentException malformed) {
            throw new ProtocolException("expected base64 behind b, got something else");
        }
    }

    /** The official Java client breaks base64 into lines, as MIME does (RFC 2045). */
    private static Slice joined(Slice lines) {
        byte[] line = new byte[lines.length()];
        int length = 0;
        for (int i = 0; i < lines.length(); i++) {
            byte digit = lines.at(i);
            if (digit != '\n' && digit != '\r') {
                line[length++] = digit;
            }
        }
        return Slice.of(line, 0, length);
    }

    private static EnginePacket alone(Slice frame, EnginePacket packet) {
        if (frame.length() > 1) {
            throw new ProtocolException("expected nothing behind Engine.IO packet type " + (char) frame.at(0) + ", got "
                    + (frame.length() - 1) + " bytes");
        }
        return packet;
    }
}
