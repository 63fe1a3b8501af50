package dev.tutti.core.session;

import dev.tutti.session.AttributeStore;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The names of sessions in the store: an HMAC-SHA-256 (RFC 2104) of their id with each of the secrets, so that the store does not
 * learn the id. Ten bits of the id's own digest are its part. Immutable.
 */
final class SessionNames {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PURPOSE = "tutti session 1 ";

    private final List<SecretKeySpec> secrets;

    SessionNames(List<String> secrets) {
        this.secrets = secrets.stream()
                .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
    }

    AttributeStore.Key of(String session) {
        byte[] id = (PURPOSE + session).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id);
            int part = ((digest[0] & 0xff) << 8 | (digest[1] & 0xff)) % AttributeStore.PARTS;
            return new AttributeStore.Key(
                    part, secrets.stream().map(secret -> name(secret, id)).toList());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static String name(SecretKeySpec secret, byte[] id) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(id));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
        }
    }
}
