package dev.tutti.edge.sse;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.edge.feed.FeedEncodings;
import dev.tutti.edge.flow.Encoded;
import dev.tutti.feed.FeedState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Pieces of an event stream as HTTP chunks (RFC 9112, section 7.1): those that are one client's own, and states of feeds. */
final class SseBlocks {
    /** A feed, with its version as the id: the same for all clients of an event loop. */
    static final EncodeOnce.Encoding<FeedState, Encoded> FEED = new EncodeOnce.Encoding<>(state -> Encoded.one(
            block(PooledByteBufAllocator.DEFAULT, Long.toString(state.version()), "feed", FeedEncodings.line(state))));

    private static final byte[] END_OF_BODY = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private SseBlocks() {}

    /** Something to keep the connection alive, that no client sees. */
    static ByteBuf comment(ByteBufAllocator alloc) {
        return chunk(alloc, ":\n\n", new byte[0], "");
    }

    /** An event; {@code data} is JSON in one line. */
    static ByteBuf block(ByteBufAllocator alloc, String id, String event, byte[] data) {
        return chunk(alloc, (id.isEmpty() ? "" : "id: " + id + "\n") + "event: " + event + "\ndata: ", data, "\n\n");
    }

    /** Sets the id to come back with, without an event. */
    static ByteBuf id(ByteBufAllocator alloc, String id) {
        return chunk(alloc, "id: " + id + "\n\n", new byte[0], "");
    }

    /** The id of the event that follows. */
    static ByteBuf idLine(ByteBufAllocator alloc, String id) {
        return chunk(alloc, "id: " + id + "\n", new byte[0], "");
    }

    /** An event behind which there is nothing. */
    static ByteBuf last(ByteBufAllocator alloc, String event, byte[] data) {
        return block(alloc, "", event, data).writeBytes(END_OF_BODY);
    }

    private static ByteBuf chunk(ByteBufAllocator alloc, String head, byte[] data, String tail) {
        int length = head.length() + data.length + tail.length();
        ByteBuf out = alloc.directBuffer(length + 24);
        ByteBufUtil.writeAscii(out, Integer.toHexString(length));
        ByteBufUtil.writeAscii(out, "\r\n");
        ByteBufUtil.writeAscii(out, head);
        out.writeBytes(data);
        ByteBufUtil.writeAscii(out, tail);
        ByteBufUtil.writeAscii(out, "\r\n");
        return out;
    }
}
