package dev.tutti.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Halves of surrogate pairs in JSON, such as {@code "\\ud83d"}: what {@code JSON.stringify} writes for half an emoji. No UTF-8
 * has them, and Jackson takes none in a name; so they become U+FFFD, as in every encoder of UTF-8. Stateless.
 */
public final class LoneSurrogates {
    private static final byte[] REPLACEMENT = "fffd".getBytes(StandardCharsets.US_ASCII);
    private static final int ESCAPE = 6; // \\uXXXX

    private LoneSurrogates() {}

    /**
     * The UTF-8 JSON at {@code offset} with its lone surrogates replaced, each by as many bytes as it had: the very same array
     * if there are none.
     */
    public static byte[] replaced(byte[] json, int offset, int length) {
        byte @Nullable [] replaced = null;
        int end = offset + length;
        for (int at = offset; at < end - 1; at++) {
            if (json[at] != '\\') {
                continue;
            }
            int unit = unit(json, at, end);
            if (unit < 0) {
                at++; // some other escape
            } else if (Character.isHighSurrogate((char) unit) && isLow(unit(json, at + ESCAPE, end))) {
                at += 2 * ESCAPE - 1;
            } else {
                if (Character.isSurrogate((char) unit)) {
                    replaced = replaced == null ? Arrays.copyOf(json, json.length) : replaced;
                    System.arraycopy(REPLACEMENT, 0, replaced, at + 2, REPLACEMENT.length);
                }
                at += ESCAPE - 1;
            }
        }
        return replaced == null ? json : replaced;
    }

    private static boolean isLow(int unit) {
        return unit >= 0 && Character.isLowSurrogate((char) unit);
    }

    /** The UTF-16 code unit that is escaped at {@code at}; negative if there is none. */
    private static int unit(byte[] json, int at, int end) {
        if (at + ESCAPE > end || json[at] != '\\' || json[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
