package dev.tutti.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A run of bytes within an array, not copied. The array belongs to whoever made the slice, who must not change it while
 * the slice, or a packet parsed from it, is in use; then it is immutable and safe for use by many threads.
 */
public final class Slice {
    /** No bytes. */
    public static final Slice EMPTY = new Slice(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Slice(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** All of {@code array}. */
    public static Slice of(byte[] array) {
        return new Slice(array, 0, array.length);
    }

    /**
     * {@code length} bytes of {@code array} from {@code offset}.
     *
     * @throws IndexOutOfBoundsException if they are not all within the array
     */
    public static Slice of(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return new Slice(array, offset, length);
    }

    /** The UTF-8 bytes of {@code text}. */
    public static Slice of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The array that the bytes are in, from {@link #offset()}, {@link #length()} of them; not to be changed. */
    public byte[] array() {
        return array;
    }

    /** Where in the array the bytes begin. */
    public int offset() {
        return offset;
    }

    /** How many bytes. */
    public int length() {
        return length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** Byte {@code index}, counted from 0. */
    public byte at(int index) {
        return array[offset + Objects.checkIndex(index, length)];
    }

    /** The bytes from {@code begin}, counted from 0, to the end. */
    public Slice from(int begin) {
        return from(begin, length);
    }

    /** The bytes from {@code begin}, counted from 0, to before {@code end}. */
    public Slice from(int begin, int end) {
        Objects.checkFromToIndex(begin, end, length);
        return begin == end ? EMPTY : new Slice(array, offset + begin, end - begin);
    }

    /** Where {@code wanted} first is at or behind {@code begin}; -1 if nowhere. */
    public int indexOf(byte wanted, int begin) {
        for (int i = Objects.checkIndex(begin, length + 1); i < length; i++) {
            if (array[offset + i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The same bytes, in an array of their own if theirs is more than twice as long: for whoever keeps them for long. */
    public Slice compact() {
        return array.length > 2L * length ? of(bytes()) : this;
    }

    /** A read-only view of the bytes. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    /** Appends the bytes to {@code target}. */
    public void writeTo(ByteBuffer target) {
        target.put(array, offset, length);
    }

    /**
     * The bytes read as UTF-8.
     *
     * @throws ProtocolException if they are not well-formed
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(view()).toString();
        } catch (CharacterCodingException malformed) {
            throw new ProtocolException("expected UTF-8, got bytes that are not");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Slice slice
                && Arrays.equals(
                        array, offset, offset + length, slice.array, slice.offset, slice.offset + slice.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** At most the first 200 bytes as text, for messages and logs. */
    @Override
    public String toString() {
        String shown = new String(array, offset, Math.min(length, 200), StandardCharsets.UTF_8);
        return length <= 200 ? shown : shown + "… (" + length + " bytes)";
    }
}
