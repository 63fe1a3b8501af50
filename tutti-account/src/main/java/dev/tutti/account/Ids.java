package dev.tutti.account;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Makes ids: 96 random bits as 24 characters, short enough to be part of an event's key. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private Ids() {}

    /** Whether {@code text} may be an id at all, and may be looked for. */
    public static boolean isId(String text) {
        return FORM.matcher(text).matches();
    }

    /** A new one. */
    public static String next() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
