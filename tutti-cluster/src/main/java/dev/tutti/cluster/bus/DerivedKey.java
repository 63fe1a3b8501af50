package dev.tutti.cluster.bus;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/** Makes keys of AES-256 by HKDF-SHA256 (RFC 5869). */
final class DerivedKey {
    private static final int BYTES = 32;

    private DerivedKey() {}

    /** The key that {@code secret}, {@code salt} and {@code purpose} make. */
    static SecretKey of(byte[] secret, byte[] salt, byte[] purpose) throws GeneralSecurityException {
        return KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addIKM(secret)
                                .addSalt(salt)
                                .thenExpand(purpose, BYTES));
    }
}
