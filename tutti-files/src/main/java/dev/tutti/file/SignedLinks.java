package dev.tutti.file;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Links that let whoever has one read one file until they run out: HMAC-SHA256 of id and time, under a key derived from the
 * cluster's secret. Safe for use by many threads.
 */
final class SignedLinks {
    private static final String HMAC = "HmacSHA256";
    private static final byte[] PURPOSE = "tutti file links 1".getBytes(StandardCharsets.UTF_8);

    private final List<byte[]> keys;
    private final Clock clock;

    SignedLinks(List<String> secrets, Clock clock) {
        this.keys = secrets.stream()
                .map(secret -> hmac(secret.getBytes(StandardCharsets.UTF_8), PURPOSE))
                .toList();
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** The query of a link. */
    String query(String file, Instant expires) {
        long seconds = expires.getEpochSecond();
        return "expires=" + seconds + "&signature=" + signature(keys.getFirst(), file, Long.toString(seconds));
    }

    /** Whether these were made here or at another instance, and have not run out. */
    boolean allows(String file, Optional<String> expires, Optional<String> signature) {
        if (expires.isEmpty() || signature.isEmpty() || !expires.get().matches("[0-9]{1,12}")) {
            return false;
        }
        byte[] shown = signature.get().getBytes(StandardCharsets.UTF_8);
        return keys.stream()
                        .map(key -> signature(key, file, expires.get()).getBytes(StandardCharsets.UTF_8))
                        .anyMatch(right -> MessageDigest.isEqual(right, shown))
                && now().getEpochSecond() < Long.parseLong(expires.get());
    }

    private static String signature(byte[] key, String file, String expires) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(hmac(key, (file + "\n" + expires).getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hmac(byte[] key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + HMAC, impossible);
        }
    }
}
