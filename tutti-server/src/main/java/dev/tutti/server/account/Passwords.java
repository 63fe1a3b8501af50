package dev.tutti.server.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes passwords by Argon2id, a bounded number at a time. Safe for use by many threads; blocks.
 *
 * <p>A hash is kept in the PHC string format, {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}, and so says how it was
 * made: those made with other settings stay valid.
 */
final class Passwords {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final PasswordSettings settings;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore turns;
    private final AtomicInteger waiting = new AtomicInteger();
    private final String nobody;

    Passwords(PasswordSettings settings) {
        this.settings = settings;
        this.turns = new Semaphore(settings.atOnce(), true);
        this.nobody = hash("a password that nobody has");
    }

    /**
     * The hash to keep.
     *
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if too many are waiting
     */
    String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Form form = new Form(settings.memoryKib(), settings.iterations(), salt, new byte[HASH_BYTES]);
        return inTurn(() -> form.of(password)).toString();
    }

    /** Whether {@code password} is the one that {@code kept} was made of. Throws as {@link #hash} does. */
    boolean matches(String password, String kept) {
        Form form = Form.parse(kept);
        return inTurn(() -> MessageDigest.isEqual(form.of(password).hash, form.hash));
    }

    /** Takes as long as {@link #matches}, for those who are not known: the time shall not tell. */
    void matchesNobody(String password) {
        if (matches(password, nobody)) {
            throw new IllegalStateException("a password matches the hash of nobody");
        }
    }

    private <T> T inTurn(Supplier<T> work) {
        if (waiting.incrementAndGet() > settings.waiting() + settings.atOnce()) {
            waiting.decrementAndGet();
            throw busy();
        }
        try {
            if (!turns.tryAcquire(settings.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            try {
                return work.get();
            } finally {
                turns.release();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(
                    ErrorCode.GOING_AWAY, "interrupted while waiting to check a password", interrupted);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private static TuttiException busy() {
        return new TuttiException(ErrorCode.OVERLOADED, "too many people log in at this moment", Duration.ofSeconds(2));
    }

    /** How a hash was made, and the hash. */
    private static final class Form {
        private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

        private final int memoryKib;
        private final int iterations;
        private final byte[] salt;
        private final byte[] hash;

        Form(int memoryKib, int iterations, byte[] salt, byte[] hash) {
            this.memoryKib = memoryKib;
            this.iterations = iterations;
            this.salt = salt;
            this.hash = hash;
        }

        static Form parse(String kept) {
            String[] parts = kept.split("\\$", -1);
            String[] costs = parts[3].split("[=,]", -1);
            return new Form(
                    Integer.parseInt(costs[1]),
                    Integer.parseInt(costs[3]),
                    Base64.getDecoder().decode(parts[4]),
                    Base64.getDecoder().decode(parts[5]));
        }

        Form of(String password) {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(iterations)
                    .withParallelism(1)
                    .withSalt(salt)
                    .build());
            byte[] made = new byte[hash.length];
            // the same password typed on another keyboard may be composed differently
            generator.generateBytes(
                    Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8), made);
            return new Form(memoryKib, iterations, salt, made);
        }

        @Override
        public String toString() {
            return "$argon2id$v=19$m=" + memoryKib + ",t=" + iterations + ",p=1$" + ENCODER.encodeToString(salt) + "$"
                    + ENCODER.encodeToString(hash);
        }
    }
}
