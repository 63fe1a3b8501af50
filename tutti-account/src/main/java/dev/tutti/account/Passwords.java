package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.FairPermits;
import dev.tutti.core.limit.FairPermits.Caller;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords by Argon2id, and estimates new ones, a bounded number at a time. Safe for use by many threads; blocks.
 *
 * <p>A hash is kept in the PHC string format, {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}, and so says how it was
 * made: those made with other settings stay valid.
 */
final class Passwords {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final PasswordSettings settings;
    private final SecureRandom random = new SecureRandom();
    private final FairPermits turns;
    private @Nullable SoftReference<BlockPool> memory; // guarded by this
    private final String nobody;

    Passwords(PasswordSettings settings) {
        this.settings = settings;
        this.turns = new FairPermits(
                settings.atOnce(), settings.waiting(), settings.patience(), "too many people log in at this moment");
        this.nobody = hash("a password that nobody has", new Caller("nobody", true));
    }

    /**
     * The hash to keep.
     *
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if too many are waiting
     */
    String hash(String password, Caller caller) {
        return turns.take(caller, () -> fresh().of(password, memory())).toString();
    }

    /** The parameters of a new hash, with salt of its own; its hash is still empty. */
    private PasswordHash fresh() {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new PasswordHash(settings.memoryKib(), settings.iterations(), salt, new byte[HASH_BYTES]);
    }

    /**
     * The hash to keep of a new password of somebody who is {@code known} by these names. Its strength is estimated within the same turn.
     *
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if too many are waiting, with {@link ErrorCode#BAD_REQUEST} if it is
     *     easy to guess
     */
    String hashNew(String password, Caller caller, String... known) {
        PasswordHash hash = turns.take(caller, () -> {
            PasswordStrength.require(password, known);
            return fresh().of(password, memory());
        });
        return hash.toString();
    }

    /**
     * Whether {@code password} is the one that {@code kept} was made of. Without one it is not, after as long a time, which
     * shall not tell who is known. Throws as {@link #hash} does.
     */
    boolean matches(String password, Optional<String> kept, Caller caller) {
        PasswordHash expected = PasswordHash.parse(kept.orElse(nobody));
        return turns.take(caller, () -> MessageDigest.isEqual(expected.of(password, memory()).hash, expected.hash))
                && kept.isPresent();
    }

    /**
     * The memory of earlier hashes, cleared, for as many as are made at a time. New memory for each would be live for as long as the hash
     * takes, so that collections within that time copy it and fill the old generation. It goes when the heap is short, and after long
     * idleness.
     */
    private synchronized BlockPool memory() {
        BlockPool pool = memory == null ? null : memory.get();
        if (pool == null) {
            pool = new FixedBlockPool(settings.memoryKib() * settings.atOnce());
            memory = new SoftReference<>(pool);
        }
        return pool;
    }

    /** A hash with the parameters that it was made with. */
    private static final class PasswordHash {
        private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

        private final int memoryKib;
        private final int iterations;
        private final byte[] salt;
        private final byte[] hash;

        PasswordHash(int memoryKib, int iterations, byte[] salt, byte[] hash) {
            this.memoryKib = memoryKib;
            this.iterations = iterations;
            this.salt = salt;
            this.hash = hash;
        }

        static PasswordHash parse(String kept) {
            String[] parts = kept.split("\\$", -1);
            String[] costs = parts[3].split("[=,]", -1);
            return new PasswordHash(
                    Integer.parseInt(costs[1]),
                    Integer.parseInt(costs[3]),
                    Base64.getDecoder().decode(parts[4]),
                    Base64.getDecoder().decode(parts[5]));
        }

        /** The same of {@code password}, computed in blocks of {@code memory}. */
        PasswordHash of(String password, BlockPool memory) {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(iterations)
                    .withParallelism(1)
                    .withSalt(salt)
                    .withBlockPool(memory)
                    .build());
            byte[] made = new byte[hash.length];
            // the same password typed on another keyboard may be composed differently
            generator.generateBytes(
                    Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8), made);
            return new PasswordHash(memoryKib, iterations, salt, made);
        }

        @Override
        public String toString() {
            return "$argon2id$v=19$m=" + memoryKib + ",t=" + iterations + ",p=1$" + ENCODER.encodeToString(salt) + "$"
                    + ENCODER.encodeToString(hash);
        }
    }
}
