package dev.tutti.cluster.bus;

import dev.tutti.cluster.Seal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A seal of the cluster's secret: AES-256-GCM (NIST SP 800-38D) with a key for each payload, which HKDF (RFC 5869) makes of
 * the secret and of a random salt, so that no nonce comes twice under one key. The place is authenticated as well.
 *
 * <p>The form that is kept: format, salt (16 bytes), and the sealed payload.
 */
public final class SecretSeal implements Seal {
    /** The size that it adds to a payload, in bytes. */
    public static final int OVERHEAD = 1 + 16 + 16;

    private static final byte FORMAT = 1;
    private static final int SALT_BYTES = 16;
    private static final int TAG_BYTES = 16;
    private static final int HEADER = 1 + SALT_BYTES;
    private static final byte[] NONCE = new byte[12]; // each key is used once
    private static final byte[] PURPOSE = "tutti cache, sealed value 1".getBytes(StandardCharsets.US_ASCII);

    private final List<byte[]> secrets;
    private final SecureRandom random = new SecureRandom();

    /** Of {@code secret}. */
    public SecretSeal(ClusterSecret secret) {
        this.secrets = secret.values();
    }

    @Override
    public byte[] close(String place, byte[] payload) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] sealed = ByteBuffer.allocate(OVERHEAD + payload.length)
                .put(FORMAT)
                .put(salt)
                .array();
        try {
            cipher(Cipher.ENCRYPT_MODE, secrets.getFirst(), place, sealed)
                    .doFinal(payload, 0, payload.length, sealed, HEADER);
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("a value could not be sealed", never);
        }
        return sealed;
    }

    @Override
    public Optional<byte[]> open(String place, byte[] sealed) {
        if (sealed.length < OVERHEAD || sealed[0] != FORMAT) {
            return Optional.empty();
        }
        return secrets.stream()
                .map(secret -> opened(secret, place, sealed))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<byte[]> opened(byte[] secret, String place, byte[] sealed) {
        try {
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, secret, place, sealed).doFinal(sealed, HEADER, sealed.length - HEADER));
        } catch (AEADBadTagException another) { // of the secret before, or of nobody
            return Optional.empty();
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("a value could not be opened", never);
        }
    }

    private static Cipher cipher(int mode, byte[] secret, String place, byte[] sealed) throws GeneralSecurityException {
        byte[] salt = new byte[SALT_BYTES];
        System.arraycopy(sealed, 1, salt, 0, SALT_BYTES);
        SecretKey key = DerivedKey.of(secret, salt, PURPOSE);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, NONCE));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
