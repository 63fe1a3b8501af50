package dev.tutti.protocol.engineio;

import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket.Binary;
import dev.tutti.protocol.engineio.EnginePacket.Close;
import dev.tutti.protocol.engineio.EnginePacket.Message;
import dev.tutti.protocol.engineio.EnginePacket.Noop;
import dev.tutti.protocol.engineio.EnginePacket.Open;
import dev.tutti.protocol.engineio.EnginePacket.Ping;
import dev.tutti.protocol.engineio.EnginePacket.Pong;
import dev.tutti.protocol.engineio.EnginePacket.Upgrade;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/**
 * Writes Engine.IO packets. Lengths are known before anything is written, so that the caller provides the memory.
 * Stateless and safe for use by many threads.
 */
public final class EngineEncoder {
    /** The first byte of a {@link Message}; for those who write the rest themselves. */
    public static final byte MESSAGE = '4';

    /** The byte between two packets of a polling payload. */
    public static final byte SEPARATOR = PayloadReader.SEPARATOR;

    private EngineEncoder() {}

    /** How many bytes {@code packet} has as a WebSocket frame's content. */
    public static int length(EnginePacket packet) {
        return packet instanceof Binary(Slice data)
                ? data.length()
                : 1 + data(packet).length();
    }

    /** Appends {@code packet} as a WebSocket frame's content, which is binary for {@link Binary} and text otherwise. */
    public static void write(EnginePacket packet, ByteBuffer target) {
        if (!(packet instanceof Binary)) {
            target.put(type(packet));
        }
        data(packet).writeTo(target);
    }

    /** {@code packet} as a WebSocket frame's content. */
    public static byte[] bytes(EnginePacket packet) {
        ByteBuffer target = ByteBuffer.allocate(length(packet));
        write(packet, target);
        return target.array();
    }

    /** How many bytes {@code packet} has in a polling payload, the separator before it not counted. */
    public static int lengthInPayload(EnginePacket packet) {
        return packet instanceof Binary(Slice data) ? 1 + (data.length() + 2) / 3 * 4 : length(packet);
    }

    /** Appends {@code packet} as part of a polling payload, without a separator. */
    public static void writeInPayload(EnginePacket packet, ByteBuffer target) {
        if (packet instanceof Binary(Slice data)) {
            target.put((byte) 'b')
                    .put(Base64.getEncoder().encode(ByteBuffer.wrap(data.array(), data.offset(), data.length())));
        } else {
            write(packet, target);
        }
    }

    /** {@code packets}, at least one, as a polling payload. */
    public static byte[] payload(List<EnginePacket> packets) {
        int length = packets.size() - 1;
        for (EnginePacket packet : packets) {
            length += lengthInPayload(packet);
        }
        ByteBuffer target = ByteBuffer.allocate(length);
        for (EnginePacket packet : packets) {
            if (target.position() > 0) {
                target.put(SEPARATOR);
            }
            writeInPayload(packet, target);
        }
        return target.array();
    }

    private static byte type(EnginePacket packet) {
        return switch (packet) {
            case Open _ -> '0';
            case Close _ -> '1';
            case Ping _ -> '2';
            case Pong _ -> '3';
            case Message _, Binary _ -> MESSAGE;
            case Upgrade _ -> '5';
            case Noop _ -> '6';
        };
    }

    private static Slice data(EnginePacket packet) {
        return switch (packet) {
            case Open(Slice handshake) -> handshake;
            case Ping(Slice data) -> data;
            case Pong(Slice data) -> data;
            case Message(Slice text) -> text;
            case Binary(Slice data) -> data;
            case Close _, Upgrade _, Noop _ -> Slice.EMPTY;
        };
    }
}
