package dev.tutti.cli.proof.hostile;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes JSON Web Tokens that the server did not make. */
final class Tokens {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Tokens() {}

    /** The header or claims in part {@code index} of a token. */
    static String part(String token, int index) {
        String[] parts = token.split("\\.", -1);
        return new String(Base64.getUrlDecoder().decode(parts[index]), StandardCharsets.UTF_8);
    }

    /** A token of {@code header} and {@code claims} without a signature. */
    static String unsigned(String header, String claims) {
        return encode(header) + "." + encode(claims) + ".";
    }

    /** A token of {@code header} and {@code claims}, signed with {@code key} by HMAC-SHA-256. */
    static String signed(String header, String claims, byte[] key) throws GeneralSecurityException {
        String content = encode(header) + "." + encode(claims);
        return content + "." + BASE64.encodeToString(hmac(key, content));
    }

    /** The key that the server derives from its secret: what somebody has who read its configuration. */
    static byte[] serverKey(String secret) throws GeneralSecurityException {
        return hmac(secret.getBytes(StandardCharsets.UTF_8), "tutti access token");
    }

    private static byte[] hmac(byte[] key, String content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
