package dev.tutti.account;

import java.time.Duration;

/**
 * How passwords are hashed, by Argon2id (RFC 9106), and how much of the machine that may take.
 *
 * @param memoryKib memory per hash in KiB, 8 to 1 048 576
 * @param iterations passes over that memory, 1 to 100
 * @param atOnce hashes computed at a time, 1 to 64; each takes a processor and its memory, which is kept for later ones while the heap has room
 * @param waiting callers that may wait for their turn, 0 to 10 000; more are refused
 * @param patience how long each of them waits
 */
public record PasswordSettings(int memoryKib, int iterations, int atOnce, int waiting, Duration patience) {
    /** OWASP's first choice for Argon2id, 19 MiB and 2 passes, on half of the processors. */
    public static final PasswordSettings DEFAULT = new PasswordSettings(
            19_456, 2, Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 64), 64, Duration.ofSeconds(5));

    public PasswordSettings {
        within("memoryKib", memoryKib, 8, 1_048_576);
        within("iterations", iterations, 1, 100);
        within("atOnce", atOnce, 1, 64);
        within("waiting", waiting, 0, 10_000);
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + least + " to " + most);
        }
    }
}
