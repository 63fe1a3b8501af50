package dev.tutti.account;

import com.nulabinc.zxcvbn.Strength;
import com.nulabinc.zxcvbn.Zxcvbn;
import dev.tutti.core.input.Input;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses new passwords that a guesser finds within a million tries: common ones, words and names, keyboard runs, dates and
 * repetitions, the person's own name, and what little makes of these (zxcvbn, USENIX Security 2016). Old ones stay valid.
 * Safe for use by many threads. The first {@value #LOOKED_AT} characters are looked at, which may take a processor longer than a hash does:
 * it is for {@link Passwords}, where only a few have their turn at a time.
 */
final class PasswordStrength {
    /** Of zxcvbn's 0 to 4: 10^6 guesses, out of reach where each try is counted. */
    private static final int LEAST_SCORE = 2;

    /** The characters looked at of a longer one: the work grows faster than the square of its length. */
    private static final int LOOKED_AT = 40;

    private static final Zxcvbn ZXCVBN = new Zxcvbn();

    private PasswordStrength() {}

    /** Throws unless {@code password} may be that of somebody who is {@code known} by these names. */
    static void require(String password, String... known) {
        if (!Input.isVisible(password)) {
            throw Input.refused("password is nothing but blanks");
        }
        List<String> names =
                Stream.of(known).map(name -> name.toLowerCase(Locale.ROOT)).toList();
        String start = password.substring(0, Math.min(password.length(), LOOKED_AT));
        Strength strength = ZXCVBN.measure(start, names);
        if (strength.getScore() < LEAST_SCORE) {
            throw Input.refused("password is too easy to guess. " + reason(strength));
        }
    }

    private static String reason(Strength strength) {
        return Stream.concat(
                        Stream.of(strength.getFeedback().getWarning(Locale.ENGLISH)),
                        strength.getFeedback().getSuggestions(Locale.ENGLISH).stream())
                .filter(text -> !text.isBlank())
                .collect(Collectors.joining(" "));
    }
}
