package dev.tutti.socketio.engineio;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.edge.flow.Encoded;
import dev.tutti.edge.flow.Frames;
import dev.tutti.protocol.engineio.EngineEncoder;
import dev.tutti.protocol.engineio.EnginePacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The two encodings in which something goes to sessions: each is made once per event loop, by the first session that needs it.
 *
 * @param webSocket WebSocket frames
 * @param polling parts of a polling payload, separated by {@link EngineEncoder#SEPARATOR}
 * @param <T> what is sent
 */
public record TransportEncodings<T>(
        EncodeOnce.Encoding<T, Encoded> webSocket, EncodeOnce.Encoding<T, Encoded> polling) {
    /** Packets that belong together. */
    public static final TransportEncodings<List<EnginePacket>> PACKETS = new TransportEncodings<>(
            new EncodeOnce.Encoding<>(TransportEncodings::frames),
            new EncodeOnce.Encoding<>(TransportEncodings::payload));

    private static Encoded frames(List<EnginePacket> packets) {
        int bytes = 0;
        for (EnginePacket packet : packets) {
            bytes += Frames.MAX_HEADER_BYTES + EngineEncoder.length(packet);
        }
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
        for (EnginePacket packet : packets) {
            int length = EngineEncoder.length(packet);
            if (packet instanceof EnginePacket.Binary) {
                Frames.binaryHeader(out, length);
            } else {
                Frames.textHeader(out, length);
            }
            EngineEncoder.write(packet, claim(out, length));
        }
        return Encoded.one(out);
    }

    /** Parts of a polling payload as one text frame each. The reference to {@code parts} is taken over. */
    static ByteBuf textFrames(ByteBuf parts) {
        ByteBuf frames = PooledByteBufAllocator.DEFAULT.directBuffer(parts.readableBytes() + Frames.MAX_HEADER_BYTES);
        try {
            while (parts.isReadable()) {
                int separator = parts.bytesBefore(EngineEncoder.SEPARATOR);
                int length = separator < 0 ? parts.readableBytes() : separator;
                Frames.textHeader(frames, length);
                frames.writeBytes(parts, length);
                parts.skipBytes(separator < 0 ? 0 : 1);
            }
            return frames;
        } finally {
            parts.release();
        }
    }

    private static Encoded payload(List<EnginePacket> packets) {
        byte[] payload = EngineEncoder.payload(packets);
        return Encoded.one(
                PooledByteBufAllocator.DEFAULT.directBuffer(payload.length).writeBytes(payload));
    }

    /** The next {@code length} bytes of {@code out}, to be written by the caller. */
    private static ByteBuffer claim(ByteBuf out, int length) {
        int index = out.writerIndex();
        out.writerIndex(index + length);
        return out.nioBuffer(index, length);
    }
}
