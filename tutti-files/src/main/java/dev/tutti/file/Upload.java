package dev.tutti.file;

import java.time.Instant;
import java.util.HexFormat;
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
 * @param hash how far SHA-256 of the received ones has come, in hexadecimal digits, to be carried on
 * @param expiresAt when it is given up
 */
record Upload(
        String id, String owner, String name, long bytes, long received, int turn, String hash, Instant expiresAt) {
    static String emptyHash() {
        return state(new SHA256Digest());
    }

    long left() {
        return bytes - received;
    }

    /** The same with {@code more} bytes. */
    Upload with(byte[] buffer, int more) {
        SHA256Digest digest = digest();
        digest.update(buffer, 0, more);
        return new Upload(id, owner, name, bytes, received + more, turn, state(digest), expiresAt);
    }

    private SHA256Digest digest() {
        return new SHA256Digest(HexFormat.of().parseHex(hash));
    }

    private static String state(SHA256Digest digest) {
        return HexFormat.of().formatHex(digest.getEncodedState());
    }

    /** The digest of what is there, in hexadecimal digits. */
    String sha256() {
        SHA256Digest digest = digest();
        byte[] result = new byte[digest.getDigestSize()];
        digest.doFinal(result, 0);
        return HexFormat.of().formatHex(result);
    }
}
