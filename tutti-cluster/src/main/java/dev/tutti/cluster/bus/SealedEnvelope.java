package dev.tutti.cluster.bus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of instances that share a secret: AES-256-GCM (NIST SP 800-38D) with a key for each sender, which HKDF
 * (RFC 5869) makes of the secret and of the sender's random id. So a number of the sender's is nonce enough, and never comes
 * twice under one key. Topic and header are authenticated as well.
 *
 * <p>A frame: format, the capability's version, sender (16 bytes), its number (8), when it was sent in seconds (4), and the sealed
 * payload. A {@link ReplayWindow} for each sender tells which frames come twice. An instance that has just started has none yet: a
 * frame that was recorded before that is taken at most once, and only while it is younger than {@link #LONGEST_AGE}.
 */
final class SealedEnvelope implements Envelope {
    /** How old a frame may be, and how much the clocks of two instances may differ. */
    static final Duration LONGEST_AGE = Duration.ofMinutes(15);

    /** The size that it adds to a payload, in bytes. */
    static final int OVERHEAD = 2 + 2 * Long.BYTES + Long.BYTES + Integer.BYTES + 16;

    private static final int TAG_BYTES = 16;
    private static final int HEADER = OVERHEAD - TAG_BYTES;
    private static final int NONCE_BYTES = 12;
    private static final int MAX_SENDERS = 1_024;
    private static final int MAX_IDLE_CIPHERS = 16;
    private static final byte[] PURPOSE = "tutti bus, sealed envelope 1".getBytes(StandardCharsets.US_ASCII);

    /** An instance whose frames were genuine. */
    private record Sender(SecretKey key, ReplayWindow window) {}

    private final List<byte[]> secrets;
    private final Clock clock;
    private final UUID self = UUID.randomUUID();
    private final SecretKey key;
    private final AtomicLong numbers = new AtomicLong();
    private final BlockingQueue<Cipher> idle = new ArrayBlockingQueue<>(MAX_IDLE_CIPHERS);
    private final Map<UUID, Sender> senders = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Sender> longestSilent) {
            return size() > MAX_SENDERS;
        }
    };

    /** With {@code secret}; {@code clock} tells how old frames are. */
    SealedEnvelope(ClusterSecret secret, Clock clock) {
        this.secrets = secret.values();
        this.clock = clock;
        this.key = key(secrets.getFirst(), self);
    }

    private static SecretKey key(byte[] secret, UUID sender) {
        byte[] salt = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(sender.getMostSignificantBits())
                .putLong(sender.getLeastSignificantBits())
                .array();
        try {
            return DerivedKey.of(secret, salt, PURPOSE);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK 25 has HKDF-SHA256", missing);
        }
    }

    @Override
    public boolean isSealed() {
        return true;
    }

    @Override
    public byte[] close(String topic, int version, byte[] payload) {
        long number = numbers.getAndIncrement();
        ByteBuffer frame = ByteBuffer.allocate(OVERHEAD + payload.length)
                .put(SEALED_FORMAT)
                .put((byte) version)
                .putLong(self.getMostSignificantBits())
                .putLong(self.getLeastSignificantBits())
                .putLong(number)
                .putInt((int) clock.instant().getEpochSecond());
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, number, topic, frame.array());
            cipher.doFinal(payload, 0, payload.length, frame.array(), HEADER);
            boolean _ = idle.offer(cipher);
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("a message could not be sealed", never);
        }
        return frame.array();
    }

    @Override
    public Opened open(String topic, int version, byte[] frame) {
        if (frame.length == 0 || frame[0] != SEALED_FORMAT) {
            return frame.length > 0 && frame[0] == OPEN_FORMAT
                    ? Opened.RefusalReason.FORGED
                    : Opened.RefusalReason.VERSION;
        }
        if (frame.length < OVERHEAD) {
            return Opened.RefusalReason.FORGED;
        }
        ByteBuffer header = ByteBuffer.wrap(frame, 2, HEADER - 2);
        UUID from = new UUID(header.getLong(), header.getLong());
        long number = header.getLong();
        if (from.equals(self)) {
            return Opened.RefusalReason.REPLAYED; // no bus gives one its own messages
        }
        @Nullable Sender known = senders.get(from);
        if (known != null) {
            byte @Nullable [] payload = decrypted(known.key(), number, topic, frame);
            return payload == null
                    ? Opened.RefusalReason.FORGED
                    : judged(known, number, header.getInt(), version, frame[1], payload);
        }
        for (byte[] secret : secrets) {
            SecretKey candidate = key(secret, from);
            byte @Nullable [] payload = decrypted(candidate, number, topic, frame);
            if (payload != null) {
                Sender sender = new Sender(candidate, new ReplayWindow());
                senders.put(from, sender);
                return judged(sender, number, header.getInt(), version, frame[1], payload);
            }
        }
        return Opened.RefusalReason.FORGED;
    }

    /** Of a frame that is genuine. */
    private Opened judged(Sender sender, long number, int sent, int version, byte saidVersion, byte[] payload) {
        if (Math.abs(clock.instant().getEpochSecond() - Integer.toUnsignedLong(sent)) > LONGEST_AGE.toSeconds()) {
            return Opened.RefusalReason.STALE;
        }
        if (!sender.window().isNew(number)) {
            return Opened.RefusalReason.REPLAYED;
        }
        return saidVersion == (byte) version ? new Opened.OpenedMessage(payload) : Opened.RefusalReason.VERSION;
    }

    private byte @Nullable [] decrypted(SecretKey by, long number, String topic, byte[] frame) {
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, by, number, topic, frame);
            byte[] payload = cipher.doFinal(frame, HEADER, frame.length - HEADER);
            boolean _ = idle.offer(cipher);
            return payload;
        } catch (AEADBadTagException forged) {
            return null;
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("a message could not be opened", never);
        }
    }

    /** One that has seen topic and header. */
    private Cipher cipher(int mode, SecretKey with, long number, String topic, byte[] frame)
            throws GeneralSecurityException {
        Cipher cipher = idle.poll();
        if (cipher == null) {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        }
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                .putLong(NONCE_BYTES - Long.BYTES, number)
                .array();
        try {
            cipher.init(mode, with, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        } catch (InvalidKeyException never) {
            throw new IllegalStateException("a key of 256 bits", never);
        }
        cipher.updateAAD(frame, 0, HEADER);
        cipher.updateAAD(topic.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
