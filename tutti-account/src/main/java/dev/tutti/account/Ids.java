package dev.tutti.account;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes ids: 96 random bits as 24 characters, short enough to be part of an event's key. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** A new one. */
    public static String next() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
