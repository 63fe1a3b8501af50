package dev.tutti.cluster;

import dev.tutti.protocol.Slice;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Writes one message between instances: numbers in network order, everything else behind its length. For use by one thread.
 */
public final class FrameWriter {
    /** The first byte of each frame, a version, so that instances of different versions do not misunderstand each other. */
    static final byte VERSION = 1;

    private static final int MOST_SHORT = 0xFFFF;

    private ByteBuffer out = ByteBuffer.allocate(256);

    /** A frame without content. */
    public FrameWriter() {
        out.put(VERSION);
    }

    private FrameWriter(byte[] beginning) {
        out.put(beginning);
    }

    /**
     * The same without a version: the form of presence, of heartbeats and of hints about streams, which are older than versions are. New
     * messages have a version.
     */
    public static FrameWriter unversioned() {
        return new FrameWriter(new byte[0]);
    }

    /** A choice of at most 128. */
    public FrameWriter kind(int kind) {
        room(1).put((byte) kind);
        return this;
    }

    /** A yes or no. */
    public FrameWriter flag(boolean value) {
        return kind(value ? 1 : 0);
    }

    /** A number. */
    public FrameWriter number(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /**
     * A number in two bytes.
     *
     * @throws IllegalArgumentException if it is not from 0 to 65,535
     */
    public FrameWriter shortNumber(int value) {
        if (value < 0 || value > MOST_SHORT) {
            throw new IllegalArgumentException("short number " + value + "; allowed are 0 to " + MOST_SHORT);
        }
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    /** An id. */
    public FrameWriter id(UUID value) {
        return number(value.getMostSignificantBits()).number(value.getLeastSignificantBits());
    }

    /** Bytes. */
    public FrameWriter bytes(Slice value) {
        value.writeTo(room(Integer.BYTES + value.length()).putInt(value.length()));
        return this;
    }

    /** A text. */
    public FrameWriter text(String value) {
        return bytes(Slice.of(value));
    }

    /**
     * A text in the form of {@link DataOutputStream#writeUTF}: modified UTF-8 behind its length, a short number.
     *
     * @throws IllegalArgumentException if it has more than 65,535 bytes of that
     */
    public FrameWriter shortText(String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Short.BYTES + value.length());
        try (DataOutputStream text = new DataOutputStream(bytes)) {
            text.writeUTF(value);
        } catch (UTFDataFormatException tooLong) {
            throw new IllegalArgumentException(
                    "a text of " + value.length() + " characters; allowed are " + MOST_SHORT + " bytes", tooLong);
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        room(bytes.size()).put(bytes.toByteArray());
        return this;
    }

    /** A list, each entry as {@code write} does it. */
    public <T> FrameWriter list(List<T> values, BiConsumer<FrameWriter, T> write) {
        room(Integer.BYTES).putInt(values.size());
        values.forEach(value -> write.accept(this, value));
        return this;
    }

    /** The frame. */
    public byte[] frame() {
        return Arrays.copyOf(out.array(), out.position());
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int size = Math.max(Math.addExact(out.position(), bytes), (int) Math.min(2L * out.capacity(), 1 << 30));
            out = ByteBuffer.allocate(size).put(out.flip());
        }
        return out;
    }
}
