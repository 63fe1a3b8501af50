package dev.tutti.cluster;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
        this(ByteBuffer.wrap(frame));
        int version = kind();
        if (version != FrameWriter.VERSION) {
            throw new ProtocolException(
                    "expected a frame of version " + FrameWriter.VERSION + ", got one of version " + version);
        }
    }

    private FrameReader(ByteBuffer frame) {
        in = frame;
    }

    /** At the beginning of {@code frame}, which has no version: {@link FrameWriter#unversioned} wrote it. */
    public static FrameReader unversioned(byte[] frame) {
        return new FrameReader(ByteBuffer.wrap(frame));
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

    /** A number of two bytes, from 0 to 65,535. */
    public int shortNumber() {
        return Short.toUnsignedInt(need(Short.BYTES).getShort());
    }

    /** An id. */
    public UUID id() {
        return new UUID(number(), number());
    }

    /** Bytes, within the frame. */
    public Slice bytes() {
        return take(need(Integer.BYTES).getInt());
    }

    private Slice take(int length) {
        Slice bytes = Slice.of(need(length).array(), in.position(), length);
        in.position(in.position() + length);
        return bytes;
    }

    /** A text. */
    public String text() {
        return bytes().text();
    }

    /** A text that {@link FrameWriter#shortText} wrote. */
    public String shortText() {
        int begin = in.position();
        byte[] text = new byte[Short.BYTES + shortNumber()];
        in.position(begin); // the length is read with the text
        need(text.length).get(text);
        try (DataInputStream read = new DataInputStream(new ByteArrayInputStream(text))) {
            return read.readUTF();
        } catch (IOException malformed) {
            throw new ProtocolException("expected a text of modified UTF-8, got other bytes");
        }
    }

    /** A list, each entry as {@code read} does it. */
    public <T> List<T> list(Function<FrameReader, T> read) {
        int size = need(Integer.BYTES).getInt();
        if (size < 0 || size > in.remaining()) { // each entry has a byte at least
            throw new ProtocolException("expected a list of at most " + in.remaining() + " entries, got " + size);
        }
        List<T> values = new ArrayList<>(Math.min(size, 16)); // what it says need not be true
        for (int i = 0; i < size; i++) {
            values.add(read.apply(this));
        }
        return List.copyOf(values);
    }

    /** Whether something follows, which an older instance may not have written. */
    public boolean hasMore() {
        return in.hasRemaining();
    }

    /**
     * Makes sure that the frame ends here.
     *
     * @throws ProtocolException if it does not
     */
    public void end() {
        if (hasMore()) {
            throw new ProtocolException("expected the end of a frame, got " + in.remaining() + " more bytes");
        }
    }

    private ByteBuffer need(int bytes) {
        if (bytes < 0 || in.remaining() < bytes) {
            throw new ProtocolException("expected " + bytes + " more bytes of a frame, got " + in.remaining());
        }
        return in;
    }
}
