package dev.tutti.edge.flow;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;

/**
 * The messages that wait to be written to one connection, bounded by bytes. Confined to the connection's event loop.
 *
 * <p>Netty's own outbound buffer is the queue, its water marks are the soft bound; this counts, refuses, and flushes once
 * per batch of the event loop. A message that begins below the soft bound is always taken, however large, so that one run
 * of a stream's events passes; that, the hard bound and one message more is the most that can wait.
 *
 * <p>Sits in the pipeline, or is told of changes by the handler that does, because that is how Netty tells of draining.
 */
public final class Outbox extends ChannelInboundHandlerAdapter {
    /** The owner of an outbox; told on the event loop. */
    public interface Owner {
        /** The waiting bytes fell below the low mark after {@link Outbox#ready} had been false. */
        void drained();

        /** The hard bound was reached: close with {@link dev.tutti.ErrorCode#SLOW_CONSUMER}. Told once. */
        void overflowed();
    }

    private final ChannelHandlerContext context;
    private final Channel channel;
    private final int hardBytes;
    private final FlowMetrics metrics;
    private final Flusher flusher;
    private final Owner owner;
    private boolean dirty;
    private boolean closed;
    private boolean wasReady = true;
    private boolean watched;
    private long counted; // in the budget of the loop

    Outbox(ChannelHandlerContext context, OutboxBounds bounds, FlowMetrics metrics, Flusher flusher, Owner owner) {
        this.context = context;
        this.channel = context.channel();
        this.hardBytes = bounds.hardBytes();
        this.metrics = metrics;
        this.flusher = flusher;
        this.owner = owner;
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(bounds.lowBytes(), bounds.softBytes()));
    }

    /**
     * Whether less than the soft bound waits, and the budget of the loop has room; once it did not, whether it fell below the
     * low mark.
     */
    public boolean ready() {
        if (!closed && channel.isWritable() && !flusher.budget().allows(counted)) {
            wasReady = false; // told by look
        }
        return wasReady && !closed && channel.isWritable();
    }

    /** Bytes that wait, with what Netty adds for each entry. */
    public long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /**
     * Writes one message, framed already, and takes over the reference to it.
     *
     * @return false if it was not taken: the connection is closed, or was now found to read too slowly
     */
    public boolean write(ByteBuf framed) {
        return write(framed, 1);
    }

    /** As {@link #write(ByteBuf)}, for {@code messages} of them in one buffer. */
    public boolean write(ByteBuf framed, int messages) {
        int bytes = framed.readableBytes();
        if (closed || !channel.isActive()) {
            framed.release();
            metrics.droppedClosed(messages);
            return false;
        }
        if (!channel.isWritable() && !mayWait(pendingBytes() + bytes)) {
            framed.release();
            metrics.droppedByOverflow(messages);
            closed = true;
            owner.overflowed();
            return false;
        }
        metrics.written(messages, bytes);
        send(framed);
        return true;
    }

    /** Writes the last bytes, a farewell of a few bytes, whatever waits, and takes no more. */
    public void writeLast(ByteBuf framed) {
        closed = true;
        if (channel.isActive()) {
            send(framed);
        } else {
            framed.release();
        }
    }

    /** Takes no more. Messages that wait are still written. Idempotent. */
    public void close() {
        closed = true;
    }

    private void send(ByteBuf framed) {
        var _ = context.write(framed, channel.voidPromise()); // a failure comes as an exception of the pipeline
        wasReady = wasReady && channel.isWritable();
        if (!dirty) {
            dirty = true;
            flusher.add(this);
        }
    }

    private boolean mayWait(long bytes) {
        return bytes <= hardBytes && flusher.budget().allows(bytes - counted);
    }

    void flush() {
        dirty = false;
        context.flush();
        count();
    }

    /** Waiting messages may have been written meanwhile. */
    void look() {
        watched = false;
        count();
        if (!wasReady && channel.isWritable() && flusher.budget().allows(counted)) {
            becomeReady();
        }
    }

    private void count() {
        long waiting = pendingBytes();
        flusher.budget().add(waiting - counted);
        counted = waiting;
        if (waiting > 0 && !watched) {
            watched = true;
            flusher.watch(this);
        }
    }

    private void becomeReady() {
        if (!closed) {
            wasReady = true;
            owner.drained();
        }
    }

    /** Netty tells that {@link #ready} may have changed. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            if (!wasReady) {
                becomeReady();
            }
        } else {
            wasReady = false;
        }
        ctx.fireChannelWritabilityChanged();
    }
}
