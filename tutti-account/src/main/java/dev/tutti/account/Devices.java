package dev.tutti.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Tokens that say that a browser has logged in as somebody before. They let nobody in; but wrong tries of others do not
 * count against a browser that has one, and it has few tries of its own (OWASP, "Device Cookies"). Immutable.
 */
final class Devices {
    private static final int NONCE_BYTES = 12;
    private static final int MAX_LENGTH = 200;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final List<byte[]> keys = new ArrayList<>(); // the first one signs

    Devices(AccountSettings settings) {
        keys.add(key(settings.secret()));
        settings.previousSecrets().forEach(previous -> keys.add(key(previous)));
    }

    /**
     * A browser that has logged in.
     *
     * @param user as whom
     * @param id which one
     */
    record Device(String user, String id) {}

    /** A token for a browser that has just logged in as {@code user}. */
    String issue(String user) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        String said = user + "." + ENCODER.encodeToString(nonce);
        return said + "." + signature(keys.getFirst(), said);
    }

    /** The device that a token names; empty if it is none of ours. */
    Optional<Device> read(String token) {
        int end = token.lastIndexOf('.');
        int middle = token.indexOf('.');
        if (token.length() > MAX_LENGTH || middle < 1 || middle == end) {
            return Optional.empty();
        }
        String said = token.substring(0, end);
        byte[] shown = token.substring(end + 1).getBytes(StandardCharsets.UTF_8);
        boolean ours = keys.stream()
                .anyMatch(key -> MessageDigest.isEqual(signature(key, said).getBytes(StandardCharsets.UTF_8), shown));
        return ours ? Optional.of(new Device(said.substring(0, middle), said.substring(middle + 1))) : Optional.empty();
    }

    private static String signature(byte[] key, String said) {
        return ENCODER.encodeToString(Digest.hmacSha256(key, said.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] key(String secret) {
        return Digest.hmacSha256(
                secret.getBytes(StandardCharsets.UTF_8), "tutti device".getBytes(StandardCharsets.UTF_8));
    }
}
