package dev.tutti.edge.flow;

import dev.tutti.concurrent.EncodeOnce;
import io.netty.buffer.ByteBuf;

/**
 * A run of messages in one pooled direct buffer, ready to be written to any number of connections of one event loop.
 * Confined to that loop.
 */
public final class Encoded implements EncodeOnce.Resource {
    private final ByteBuf buffer;
    private final int[] starts;
    private final int separatorBytes;

    /**
     * The messages in {@code buffer}, which is taken over; each begins at its entry in {@code starts}, and there are {@code
     * separatorBytes} between two of them.
     */
    public Encoded(ByteBuf buffer, int[] starts, int separatorBytes) {
        this.buffer = buffer;
        this.starts = starts;
        this.separatorBytes = separatorBytes;
    }

    /** A single message. */
    public static Encoded one(ByteBuf buffer) {
        return new Encoded(buffer, new int[] {buffer.readerIndex()}, 0);
    }

    /** How many messages there are. */
    public int messages() {
        return starts.length;
    }

    /** The messages {@code from} and behind; the reference belongs to the caller, the bytes to all. */
    public ByteBuf from(int from) {
        int start = starts[from];
        return buffer.retainedSlice(start, buffer.writerIndex() - start);
    }

    /** Message {@code index} alone; the reference belongs to the caller, the bytes to all. */
    public ByteBuf single(int index) {
        int start = starts[index];
        int end = index + 1 < starts.length ? starts[index + 1] - separatorBytes : buffer.writerIndex();
        return buffer.retainedSlice(start, end - start);
    }

    @Override
    public void close() {
        buffer.release();
    }
}
