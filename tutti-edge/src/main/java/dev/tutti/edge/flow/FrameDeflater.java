package dev.tutti.edge.flow;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the frames that go out to all those WebSockets of one event loop that have agreed on it. Frames that go to many
 * of them, one after the other, are compressed once. Confined to its loop.
 */
@Sharable
final class FrameDeflater extends ChannelOutboundHandlerAdapter {
    private final PerMessageDeflate deflate;
    private @Nullable ByteBuf source; // kept, so that what is at its address does not change; until the task has ended
    private @Nullable ByteBuf result;

    FrameDeflater(PerMessageDeflate deflate) {
        this.deflate = deflate;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean worthwhile = message instanceof ByteBuf frames && PerMessageDeflate.isWorthwhile(frames);
        var _ = ctx.write(worthwhile ? deflated(ctx, (ByteBuf) message) : message, promise);
    }

    private ByteBuf deflated(ChannelHandlerContext ctx, ByteBuf frames) {
        try {
            ByteBuf known = result;
            if (known != null && isSource(frames)) {
                return known.retainedDuplicate();
            }
            ByteBuf fresh = deflate.deflate(frames.duplicate(), ctx.alloc());
            try {
                if (frames.unwrap() != null && frames.hasMemoryAddress()) { // a part of what others get as well
                    ctx.executor().execute(this::forget);
                    forget();
                    source = frames.retain();
                    result = fresh.retainedDuplicate();
                }
            } catch (Throwable failed) {
                fresh.release();
                throw failed;
            }
            return fresh;
        } finally {
            frames.release();
        }
    }

    private boolean isSource(ByteBuf frames) {
        ByteBuf known = source;
        return known != null
                && frames.hasMemoryAddress()
                && frames.readableBytes() == known.readableBytes()
                && frames.memoryAddress() + frames.readerIndex() == known.memoryAddress() + known.readerIndex();
    }

    private void forget() {
        if (source != null) {
            source.release();
            source = null;
        }
        if (result != null) {
            result.release();
            result = null;
        }
    }
}
