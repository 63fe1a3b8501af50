package dev.tutti.edge.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The compression of one event loop's WebSockets (RFC 7692), to which it is confined.
 *
 * <p>No message refers to those before it, in either direction, so that a connection keeps no memory for compression, one
 * compressor serves all of a loop, and what goes to many is compressed once ({@link FrameDeflater}).
 */
final class PerMessageDeflate {
    /** Messages below so many bytes are sent as they are: without those before them they hardly get smaller. */
    static final int LEAST_BYTES = 1024;

    private static final String NAME = "permessage-deflate";
    private static final int RSV1 = 4;
    private static final int RSV1_BIT = 0x40;
    private static final int OPCODE_BITS = 0xF;
    private static final int LARGEST_DATA_OPCODE = 2;
    private static final int TAIL_BYTES = 4;
    private static final int LEAST_ROOM = 256;

    private final Inflater inflater = new Inflater(true);
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

    /**
     * The answer to the offers of a client, header by header; empty if there is none that can be taken. The client is told not
     * to refer to earlier messages whether it has offered so or not (section 7.1.1.2).
     */
    static Optional<String> accept(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .flatMap(offer -> answer(offer).stream())
                .findFirst();
    }

    private static Optional<String> answer(String offer) {
        List<String> parts = Arrays.stream(offer.split(";", -1))
                .map(part -> part.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (!parts.getFirst().equals(NAME)) {
            return Optional.empty();
        }
        StringBuilder answer = new StringBuilder(NAME).append("; client_no_context_takeover");
        List<String> parameters = parts.subList(1, parts.size());
        for (String parameter : parameters) {
            switch (parameter) {
                // no smaller window can be promised, because Java has none
                case "server_no_context_takeover", "server_max_window_bits=15" ->
                    answer.append("; ").append(parameter);
                case "client_no_context_takeover", "client_max_window_bits" -> {}
                default -> {
                    if (!parameter.matches("client_max_window_bits=\"?([89]|1[0-5])\"?")) {
                        return Optional.empty();
                    }
                }
            }
        }
        boolean unique = parameters.stream().distinct().count() == parameters.size();
        return unique ? Optional.of(answer.toString()) : Optional.empty();
    }

    /**
     * Whether {@code frame} begins a compressed message.
     *
     * @throws CorruptedWebSocketFrameException if it has a reserved bit that it may not have
     */
    static boolean isCompressed(WebSocketFrame frame) {
        if (frame.rsv() == 0) {
            return false;
        }
        if (frame.rsv() != RSV1 || !(frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame)) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.PROTOCOL_ERROR, "RSV " + frame.rsv() + " of this frame means nothing here");
        }
        return true;
    }

    /**
     * Inflates the message {@code compressed} into a buffer that belongs to the caller. It costs no more memory and hardly more
     * time than {@code maxBytes} do, however much it would be.
     *
     * @throws CorruptedWebSocketFrameException if it is more than {@code maxBytes}, or not what a compressor makes
     */
    ByteBuf inflate(ByteBuf compressed, int maxBytes, ByteBufAllocator alloc) {
        int room = Math.min(Math.max(4 * Math.min(compressed.readableBytes(), maxBytes), LEAST_ROOM), maxBytes + 1);
        ByteBuf out = alloc.buffer(room, maxBytes + 1);
        boolean inflated = false;
        try {
            inflate(compressed.nioBuffer(), out, maxBytes);
            inflated = true;
            return out;
        } catch (DataFormatException malformed) {
            throw malformed(malformed.getMessage());
        } finally {
            inflater.reset();
            if (!inflated) {
                out.release();
            }
        }
    }

    private void inflate(ByteBuffer compressed, ByteBuf out, int maxBytes) throws DataFormatException {
        ByteBuffer in = compressed;
        boolean tail = false; // the end that the sender has left out (section 7.2.2)
        inflater.setInput(in);
        while (true) {
            out.ensureWritable(1);
            int bytes = inflater.inflate(out.nioBuffer(out.writerIndex(), out.writableBytes()));
            out.writerIndex(out.writerIndex() + bytes);
            if (out.readableBytes() > maxBytes) {
                throw new CorruptedWebSocketFrameException(
                        WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message has more than " + maxBytes + " bytes");
            }
            if (bytes > 0) {
                continue;
            }
            if (inflater.finished()) { // by a final block, which may be (section 7.2.3.4)
                if (!in.hasRemaining()) {
                    return;
                }
                inflater.reset();
                inflater.setInput(in);
            } else if (!inflater.needsInput()) {
                throw malformed("nothing comes of it");
            } else if (tail) {
                return;
            } else {
                tail = true;
                in = ByteBuffer.wrap(new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF});
                inflater.setInput(in);
            }
        }
    }

    private static CorruptedWebSocketFrameException malformed(@Nullable String why) {
        return new CorruptedWebSocketFrameException(
                WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a message is not compressed as it should be: " + why);
    }

    /** Whether {@code frames}, one or more whole ones as a server writes them, have one that is to be compressed. */
    static boolean isWorthwhile(ByteBuf frames) {
        int end = frames.writerIndex();
        for (int index = frames.readerIndex(); end - index >= LEAST_BYTES; index += Frames.length(frames, index)) {
            if (isWorthwhile(frames, index)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWorthwhile(ByteBuf frames, int index) {
        return (frames.getByte(index) & OPCODE_BITS) <= LARGEST_DATA_OPCODE
                && Frames.length(frames, index) - Frames.headerLength(frames, index) >= LEAST_BYTES;
    }

    /** {@code frames} with those compressed that get smaller by it, in a buffer that belongs to the caller. Reads them. */
    ByteBuf deflate(ByteBuf frames, ByteBufAllocator alloc) {
        ByteBuf out = alloc.directBuffer(LEAST_BYTES); // grows with what it has: what waits is counted by its bytes
        try {
            while (frames.isReadable()) {
                int index = frames.readerIndex();
                int length = Frames.length(frames, index);
                if (!isWorthwhile(frames, index) || !deflate(frames, index, out)) {
                    out.writeBytes(frames, index, length);
                }
                frames.skipBytes(length);
            }
            return out;
        } catch (Throwable failed) {
            out.release();
            throw failed;
        }
    }

    /** Writes the frame at {@code index}, compressed, to {@code out}, unless it does not get smaller. */
    private boolean deflate(ByteBuf frames, int index, ByteBuf out) {
        int header = Frames.headerLength(frames, index);
        int length = Frames.length(frames, index) - header;
        ByteBuf compressed = out.alloc().directBuffer(length, length);
        try {
            deflater.setInput(frames.nioBuffer(index + header, length));
            int bytes = deflater.deflate(compressed.nioBuffer(0, length), Deflater.SYNC_FLUSH);
            if (bytes == length) {
                return false; // there may be more of it
            }
            Frames.header(out, frames.getByte(index) | RSV1_BIT, bytes - TAIL_BYTES);
            out.writeBytes(compressed, 0, bytes - TAIL_BYTES);
            return true;
        } finally {
            deflater.reset();
            compressed.release();
        }
    }
}
