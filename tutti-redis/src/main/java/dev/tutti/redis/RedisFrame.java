package dev.tutti.redis;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A message as it is on the way: a byte that says what it is, who sent it, how often that one has lost something until
 * then, and the payload. Pure.
 *
 * @param sender who sent it
 * @param losses how often the sender has lost messages so far: an instance that has heard it with a smaller number has missed some
 * @param payload the payload
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RedisFrame(long sender, int losses, byte[] payload) {
    /** Bytes beyond the payload. */
    static final int HEADER = 1 + Long.BYTES + Integer.BYTES;

    private static final byte FORMAT = 2; // 1 had no envelope within

    byte[] encode() {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put(FORMAT)
                .putLong(sender)
                .putInt(losses)
                .put(payload)
                .array();
    }

    /** Empty for what is of somebody else, or of another version. */
    static Optional<RedisFrame> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER || in.get() != FORMAT) {
            return Optional.empty();
        }
        long sender = in.getLong();
        int losses = in.getInt();
        byte[] payload = new byte[in.remaining()];
        in.get(payload);
        return Optional.of(new RedisFrame(sender, losses, payload));
    }
}
