package dev.tutti.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message's text that says when it was sent: an at sign, the time as 16 hexadecimal digits, dots until it is long
 * enough. The time is {@link System#nanoTime}'s, which the processes of a Linux machine share. Pure.
 */
public final class Stamp {
    /** The shortest text that holds one, in bytes. */
    public static final int LENGTH = 17;

    private Stamp() {}

    /** A text of {@code length} bytes, {@link #LENGTH} or more. */
    public static String text(long nanoTime, int length) {
        byte[] text = new byte[length];
        Arrays.fill(text, (byte) '.');
        write(nanoTime, text, 0);
        return new String(text, StandardCharsets.US_ASCII);
    }

    /** Puts one into {@code text} at {@code at}. */
    public static void write(long nanoTime, byte[] text, int at) {
        text[at] = '@';
        for (int digit = 0; digit < 16; digit++) {
            text[at + 1 + digit] = (byte) Character.forDigit((int) (nanoTime >>> (60 - 4 * digit)) & 0xf, 16);
        }
    }

    /** The time in the first {@code length} bytes of {@code content}; -1 if they hold none. */
    static long read(byte[] content, int length) {
        int at = 0;
        while (at + LENGTH <= length && content[at] != '@') {
            at++;
        }
        if (at + LENGTH > length) {
            return -1;
        }
        long time = 0;
        for (int i = at + 1; i < at + LENGTH; i++) {
            int digit = Character.digit(content[i], 16);
            if (digit < 0) {
                return -1;
            }
            time = time << 4 | digit;
        }
        return time;
    }
}
