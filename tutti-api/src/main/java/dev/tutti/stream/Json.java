package dev.tutti.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as UTF-8 bytes, for example the content of an event. Immutable.
 *
 * <p>The bytes are stored and sent to clients unchanged, and are not parsed again. So the caller must make sure that they are one
 * well-formed JSON value (RFC 8259). Parse bytes from outside before you create a value from them.
 */
public final class Json {
    private final byte[] utf8;

    private Json(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** The value written as {@code text}. */
    public static Json of(String text) {
        return new Json(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The value in {@code utf8}, which is copied. */
    public static Json of(byte[] utf8) {
        return new Json(utf8.clone());
    }

    /** The length in bytes. */
    public int length() {
        return utf8.length;
    }

    /** A read-only view of the bytes, without a copy. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(utf8).asReadOnlyBuffer();
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return utf8.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    /** The value as text. */
    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
