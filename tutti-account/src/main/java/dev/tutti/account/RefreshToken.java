package dev.tutti.account;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The token that a client trades for a new access token: two random values of 256 bits. The family stays with the session and
 * finds it; the other changes with every use. So an old token is known to be one, however old, and nobody who does not
 * have one can pretend to have. Immutable.
 */
final class RefreshToken {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] family;
    private final byte[] current;

    private RefreshToken(byte[] family, byte[] current) {
        this.family = family;
        this.current = current;
    }

    /** For a new session. */
    static RefreshToken fresh() {
        return new RefreshToken(random(), random());
    }

    /** The one after this. */
    RefreshToken next() {
        return new RefreshToken(family, random());
    }

    /** The token that a client sent; empty if {@code text} is none. */
    static Optional<RefreshToken> parse(String text) {
        if (text.length() != Math.ceilDiv(2 * BYTES * 8, 6)) {
            return Optional.empty();
        }
        try {
            byte[] both = Base64.getUrlDecoder().decode(text);
            return Optional.of(
                    new RefreshToken(Arrays.copyOfRange(both, 0, BYTES), Arrays.copyOfRange(both, BYTES, 2 * BYTES)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The hash that is kept of the part that stays. */
    byte[] familyHash() {
        return Digest.sha256(family);
    }

    /** The hash that is kept of the part that changes. */
    byte[] currentHash() {
        return Digest.sha256(current);
    }

    /** As the client gets it: 86 characters of {@code A-Z a-z 0-9 - _}. */
    String text() {
        byte[] both = Arrays.copyOf(family, 2 * BYTES);
        System.arraycopy(current, 0, both, BYTES, BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(both);
    }

    @Override
    public String toString() {
        return "a refresh token"; // never into a log
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
