package dev.tutti.account;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** A random value of 256 bits that somebody is sent, and of which the server keeps the SHA-256. Immutable. */
public final class OneTimeToken {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;

    private OneTimeToken(String text) {
        this.text = text;
    }

    /** A new one. */
    public static OneTimeToken fresh() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new OneTimeToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** The token that a client sent; empty if {@code text} is none. */
    public static Optional<OneTimeToken> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new OneTimeToken(text)) : Optional.empty();
    }

    /** As somebody gets it: 43 characters of {@code A-Z a-z 0-9 - _}. */
    public String text() {
        return text;
    }

    /** The SHA-256 that is kept. */
    public byte[] hash() {
        return Digest.sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "a token"; // never into a log
    }
}
