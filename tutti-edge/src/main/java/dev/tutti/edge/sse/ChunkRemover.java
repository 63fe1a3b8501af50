package dev.tutti.edge.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Takes the chunks off what is written to a client of HTTP/1.0, which knows the end of an answer by the end of the connection.
 * Event streams are encoded once for all clients, as whole chunks, so that the few old ones pay for this and nobody else.
 * Stands on both sides of HTTP's encoder, which the chunks pass by. Confined to its event loop.
 */
final class ChunkRemover extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        Object plain = switch (message) {
            case HttpResponse head -> {
                head.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
                yield head;
            }
            case ByteBuf chunks when chunks.isReadable() -> contents(ctx, chunks);
            default -> message;
        };
        var _ = ctx.write(plain, promise);
    }

    private static ByteBuf contents(ChannelHandlerContext ctx, ByteBuf chunks) {
        CompositeByteBuf contents = ctx.alloc().compositeBuffer();
        try {
            for (int length = length(chunks); length > 0; length = length(chunks)) {
                contents.addComponent(true, chunks.readRetainedSlice(length));
                chunks.skipBytes(2); // CR LF
            }
        } finally {
            chunks.release();
        }
        return contents;
    }

    /** Reads the line before a chunk; 0 at the end. */
    private static int length(ByteBuf chunks) {
        int length = 0;
        while (chunks.isReadable()) {
            int digit = Character.digit(chunks.readByte(), 16);
            if (digit < 0) {
                chunks.skipBytes(1); // the LF behind the CR
                return length;
            }
            length = 16 * length + digit;
        }
        return 0;
    }
}
