package dev.tutti.server.outbound;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret with which messages to other programs are signed, as of the Standard Webhooks specification. Immutable. */
public final class SigningSecret {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    /** The one that {@code key} is. */
    public SigningSecret(byte[] key) {
        this.key = key.clone();
    }

    /** A new one, of 256 random bits. */
    public static SigningSecret random() {
        byte[] key = new byte[BYTES];
        RANDOM.nextBytes(key);
        return new SigningSecret(key);
    }

    /** The one written as {@link #text} does, or any other text, whose UTF-8 bytes it is then. */
    public static SigningSecret of(String text) {
        if (text.startsWith(PREFIX)) {
            try {
                return new SigningSecret(Base64.getDecoder().decode(text.substring(PREFIX.length())));
            } catch (IllegalArgumentException any) {
                // as any other text
            }
        }
        return new SigningSecret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The headers of a message called {@code id} that is sent at {@code now}, with a signature by each of {@code secrets}. */
    public static Map<String, String> headers(List<SigningSecret> secrets, String id, byte[] body, Instant now) {
        long timestamp = now.getEpochSecond();
        return Map.of(
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(timestamp),
                "webhook-signature",
                secrets.stream()
                        .map(secret -> secret.signature(id, timestamp, body))
                        .collect(Collectors.joining(" ")));
    }

    /** As receivers are given it: {@code whsec_} and Base64. */
    public String text() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** Its bytes. */
    public byte[] bytes() {
        return key.clone();
    }

    /** The signature of what {@code id.timestamp.body} is: {@code v1,} and Base64. */
    private String signature(String id, long timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Nothing of it: it could end in a log. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
