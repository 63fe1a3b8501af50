package dev.tutti.account;

import dev.tutti.core.input.Input;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Refuses new passwords that are guessed first, as NIST SP 800-63B, section 3.1.1.2 asks for: the commonest ones, runs and
 * repetitions, the person's own name, and what has nothing to see. Old ones stay valid. Stateless.
 */
final class WeakPasswords {
    private static final int LONGEST_PATTERN = 4;
    private static final Set<String> COMMON = common();

    private WeakPasswords() {}

    /** Throws unless {@code password} may be that of somebody who is called {@code name}. */
    static void refuse(String password, String name) {
        String folded = Input.folded(password);
        if (!Input.isVisible(password)) {
            throw Input.refused("password is nothing but blanks");
        }
        if (folded.equals(name)) {
            throw Input.refused("password is the name");
        }
        if (COMMON.contains(folded) || isRun(folded) || isRepetition(folded)) {
            throw Input.refused("password is one of the commonest; choose one that is harder to guess");
        }
    }

    /** Such as 12345678 or hgfedcba. */
    private static boolean isRun(String text) {
        int step = text.length() > 1 ? text.charAt(1) - text.charAt(0) : 0;
        return Math.abs(step) == 1
                && IntStream.range(1, text.length()).allMatch(i -> text.charAt(i) - text.charAt(i - 1) == step);
    }

    /** Such as aaaaaaaa or 12121212. */
    private static boolean isRepetition(String text) {
        return IntStream.rangeClosed(1, LONGEST_PATTERN)
                .filter(period -> period < text.length())
                .anyMatch(period -> IntStream.range(period, text.length())
                        .allMatch(i -> text.charAt(i) == text.charAt(i - period)));
    }

    private static Set<String> common() {
        try (InputStream list =
                Objects.requireNonNull(WeakPasswords.class.getResourceAsStream("common-passwords.txt"))) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
