package dev.tutti.cluster;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what a {@link FrameWriter} wrote. Total: any bytes give what is asked for, or a {@link ProtocolException}. Bytes are
 * not copied. For use by one thread.
 */
public final class FrameReader {
    private final ByteBuffer in;

    /**
     * At the beginning of {@code frame}.
     *
     * @throws ProtocolException if another version of Tutti wrote it
     */
    public FrameReader(byte[] frame) {
        in = ByteBuffer.wrap(frame);
        int version = kind();
        if (version != FrameWriter.VERSION) {
            throw new ProtocolException(
                    "expected a frame of version " + FrameWriter.VERSION + ", got one of version " + version);
        }
    }

    /** A choice. */
    public int kind() {
        return need(1).get();
    }

    /** A yes or no. */
    public boolean flag() {
        return kind() != 0;
    }

    /** A number. */
    public long number() {
        return need(Long.BYTES).getLong();
    }

    /** Bytes, within the frame. */
    public Slice bytes() {
        int length = need(Integer.BYTES).getInt();
        Slice bytes = Slice.of(need(length).array(), in.position(), length);
        in.position(in.position() + length);
        return bytes;
    }

    /** A text. */
    public String text() {
        return bytes().text();
    }

    /** A list, each entry as {@code read} does it. */
    public <T> List<T> list(Function<FrameReader, T> read) {
        int size = need(Integer.BYTES).getInt();
        List<T> values = new ArrayList<>(Math.clamp(size, 0, 16)); // what it says need not be true
        for (int i = 0; i < size; i++) {
            values.add(read.apply(this));
        }
        return List.copyOf(values);
    }

    /** Whether something follows, which an older instance may not have written. */
    public boolean hasMore() {
        return in.hasRemaining();
    }

    private ByteBuffer need(int bytes) {
        if (bytes < 0 || in.remaining() < bytes) {
            throw new ProtocolException("expected " + bytes + " more bytes of a frame, got " + in.remaining());
        }
        return in;
    }
}
