package dev.tutti.file;

import java.time.Instant;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * A file that is on its way. Immutable.
 *
 * @param id the one that the file will have
 * @param owner whoever uploads it
 * @param name of the file
 * @param bytes how many it will have, as announced
 * @param received how many are there, in the store
 * @param turn which request may write: the latest that has begun to
 * @param hash SHA-256 of the received ones, to be carried on
 * @param expiresAt when it is given up
 */
record Upload(
        String id, String owner, String name, long bytes, long received, int turn, byte[] hash, Instant expiresAt) {
    static byte[] emptyHash() {
        return new SHA256Digest().getEncodedState();
    }

    long left() {
        return bytes - received;
    }

    /** The same with {@code more} bytes. */
    Upload with(byte[] buffer, int more) {
        SHA256Digest digest = new SHA256Digest(hash);
        digest.update(buffer, 0, more);
        return new Upload(id, owner, name, bytes, received + more, turn, digest.getEncodedState(), expiresAt);
    }

    /** The digest of what is there. */
    byte[] sha256() {
        SHA256Digest digest = new SHA256Digest(hash);
        byte[] result = new byte[digest.getDigestSize()];
        digest.doFinal(result, 0);
        return result;
    }
}
