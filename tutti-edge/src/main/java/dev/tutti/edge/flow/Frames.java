package dev.tutti.edge.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * WebSocket frames as a server writes them: final, not masked (RFC 6455, section 5.2). Methods that make a buffer make a pooled
 * one that belongs to the caller.
 */
public final class Frames {
    /** The largest header, in bytes. */
    public static final int MAX_HEADER_BYTES = 10;
    /** The longest payload of a ping, pong or close frame, in bytes. */
    public static final int MAX_CONTROL_BYTES = 125;

    private static final int FINAL = 0x80;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private Frames() {}

    /** Writes the header of a text frame with {@code payload} bytes. */
    public static void textHeader(ByteBuf out, int payload) {
        header(out, TEXT, payload);
    }

    /** Writes the header of a binary frame with {@code payload} bytes. */
    public static void binaryHeader(ByteBuf out, int payload) {
        header(out, BINARY, payload);
    }

    /** A text frame. */
    public static ByteBuf text(ByteBufAllocator alloc, CharSequence text) {
        int length = ByteBufUtil.utf8Bytes(text);
        ByteBuf frame = alloc.directBuffer(MAX_HEADER_BYTES + length);
        textHeader(frame, length);
        ByteBufUtil.reserveAndWriteUtf8(frame, text, length);
        return frame;
    }

    /** A text frame of {@code utf8}. */
    public static ByteBuf text(ByteBufAllocator alloc, byte[] utf8) {
        return frame(alloc, TEXT, utf8);
    }

    /** A binary frame. */
    public static ByteBuf binary(ByteBufAllocator alloc, byte[] payload) {
        return frame(alloc, BINARY, payload);
    }

    /** A ping without payload. */
    public static ByteBuf ping(ByteBufAllocator alloc) {
        return frame(alloc, PING, new byte[0]);
    }

    /** A pong that answers a ping with {@code payload}, at most {@link #MAX_CONTROL_BYTES} of it. */
    public static ByteBuf pong(ByteBufAllocator alloc, ByteBuf payload) {
        ByteBuf frame = alloc.directBuffer(2 + payload.readableBytes());
        header(frame, PONG, payload.readableBytes());
        return frame.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
    }

    /** A close frame; of a long {@code reason} what fits is told. */
    public static ByteBuf close(ByteBufAllocator alloc, int code, String reason) {
        String told = reason;
        while (ByteBufUtil.utf8Bytes(told) > MAX_CONTROL_BYTES - 2) {
            told = told.substring(0, told.offsetByCodePoints(told.length(), -1));
        }
        byte[] text = told.getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = alloc.directBuffer(4 + text.length);
        header(frame, CLOSE, 2 + text.length);
        return frame.writeShort(code).writeBytes(text);
    }

    private static ByteBuf frame(ByteBufAllocator alloc, int opcode, byte[] payload) {
        ByteBuf frame = alloc.directBuffer(MAX_HEADER_BYTES + payload.length);
        header(frame, opcode, payload.length);
        return frame.writeBytes(payload);
    }

    /** How long the header of the frame at {@code index} of {@code frames} is. */
    static int headerLength(ByteBuf frames, int index) {
        return switch (frames.getByte(index + 1)) {
            case 126 -> 4;
            case 127 -> MAX_HEADER_BYTES;
            default -> 2;
        };
    }

    /** How long the frame at {@code index} of {@code frames} is, with its header. */
    static int length(ByteBuf frames, int index) {
        int payload = frames.getByte(index + 1);
        return switch (payload) {
            case 126 -> 4 + frames.getUnsignedShort(index + 2);
            case 127 -> MAX_HEADER_BYTES + (int) frames.getLong(index + 2);
            default -> 2 + payload;
        };
    }

    /** Writes the header of a frame with {@code payload} bytes; {@code opcode} may have reserved bits. */
    static void header(ByteBuf out, int opcode, int payload) {
        out.writeByte(FINAL | opcode);
        if (payload <= 125) {
            out.writeByte(payload);
        } else if (payload <= 0xFFFF) {
            out.writeByte(126).writeShort(payload);
        } else {
            out.writeByte(127).writeLong(payload);
        }
    }
}
