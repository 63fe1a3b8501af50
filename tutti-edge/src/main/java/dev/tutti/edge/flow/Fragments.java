package dev.tutti.edge.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * One message that comes in fragments, or compressed, put together within a bound. Confined to its connection's event loop.
 */
final class Fragments {
    private final boolean compressed;
    private ByteBuf whole;
    private final int maxBytes;
    private final boolean text;
    private final Utf8 utf8 = new Utf8();

    /** Of a message that begins with {@code first}, which is not added yet. */
    Fragments(WebSocketFrame first, int maxBytes, ByteBufAllocator alloc) {
        this.compressed = PerMessageDeflate.isCompressed(first);
        this.text = !(first instanceof BinaryWebSocketFrame);
        this.maxBytes = maxBytes;
        this.whole = alloc.buffer(first.content().readableBytes());
    }

    /**
     * Adds the next one.
     *
     * @throws CorruptedWebSocketFrameException if the message is too large, or can be no text any more
     */
    void add(ByteBuf fragment) {
        if (whole.readableBytes() + fragment.readableBytes() > maxBytes) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message has more than " + maxBytes + " bytes");
        }
        if (text && !compressed && !utf8.accepts(fragment)) {
            throw Utf8.malformed();
        }
        whole.writeBytes(fragment);
    }

    boolean isText() {
        return text;
    }

    boolean isCompressed() {
        return compressed;
    }

    /**
     * Inflates what was added, which is compressed.
     *
     * @return how many bytes more than were added the message has
     * @throws CorruptedWebSocketFrameException if the message is too large, or not what a compressor makes
     */
    int inflate(PerMessageDeflate deflate, ByteBufAllocator alloc) {
        ByteBuf added = whole;
        whole = deflate.inflate(added, maxBytes, alloc);
        int more = whole.readableBytes() - added.readableBytes();
        added.release();
        return Math.max(0, more);
    }

    /** The message; it belongs to this. */
    ByteBuf whole() {
        return whole;
    }

    void release() {
        whole.release();
    }
}
