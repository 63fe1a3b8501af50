package dev.tutti.server.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a webhook's messages are signed with, as of the Standard Webhooks specification. Immutable. */
public final class WebhookSecret {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    /** The one that {@code key} is. */
    WebhookSecret(byte[] key) {
        this.key = key.clone();
    }

    /** A new one, of 256 random bits. */
    public static WebhookSecret random() {
        byte[] key = new byte[BYTES];
        RANDOM.nextBytes(key);
        return new WebhookSecret(key);
    }

    /** As receivers are given it: {@code whsec_} and Base64. */
    public String text() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** Its bytes. */
    byte[] bytes() {
        return key.clone();
    }

    /** The signature of what {@code id.timestamp.body} is: {@code v1,} and Base64. */
    String signature(String id, long timestamp, byte[] body) {
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
