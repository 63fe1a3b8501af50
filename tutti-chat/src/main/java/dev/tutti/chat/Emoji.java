package dev.tutti.chat;

import dev.tutti.core.input.Input;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells emoji from other text: exactly one, fully qualified, by the grammar of Unicode Technical Standard 51 with the properties that this
 * Java knows. Flags are those of countries and of three parts of one, and no more than four elements are joined, so that no text hides in them.
 */
final class Emoji {
    /** UTF-16 units; the longest that is in use has 15. */
    static final int MOST_CHARACTERS = 16;

    private static final String MODIFIED = "\\p{IsEmoji_Modifier_Base}[\\x{1F3FB}-\\x{1F3FF}]";
    private static final String COLOURED = "[\\p{IsEmoji_Presentation}&&[^\\p{IsEmoji_Component}]]";
    private static final String MADE_COLOURED =
            "[\\p{IsEmoji}&&[^\\p{IsEmoji_Presentation}]&&[^\\p{IsEmoji_Component}]]\\x{FE0F}";
    private static final String ELEMENT = "(?:" + MODIFIED + "|" + COLOURED + "|" + MADE_COLOURED + ")";
    private static final String HAIR = "[\\x{1F9B0}-\\x{1F9B3}]";
    private static final String JOINED = ELEMENT + "(?:\\x{200D}(?:" + ELEMENT + "|" + HAIR + ")){0,3}";
    private static final String KEYCAP = "[0-9#*]\\x{FE0F}\\x{20E3}";

    private static final Pattern EMOJI = Pattern.compile(JOINED + "|" + KEYCAP);
    private static final Pattern FLAG = Pattern.compile("[\\x{1F1E6}-\\x{1F1FF}]{2}");
    private static final int FIRST_LETTER = 0x1F1E6;

    /** Flags besides those of countries, as Unicode's emoji-sequences.txt has them. */
    private static final Set<String> OTHER_FLAGS = Set.of("AC", "CP", "DG", "EA", "EU", "IC", "TA", "UN", "XK");

    private static final Set<String> PARTS_OF_COUNTRIES = Set.of(part("gbeng"), part("gbsct"), part("gbwls"));

    private Emoji() {}

    /** {@code text} if it is an emoji; else what is wrong with it is thrown. */
    static String require(@Nullable String text) {
        String emoji = Input.present("emoji", text);
        if (emoji.length() > MOST_CHARACTERS || !isEmoji(emoji)) {
            throw Input.refused("emoji is not one fully-qualified emoji of at most " + MOST_CHARACTERS + " characters");
        }
        return emoji;
    }

    private static boolean isEmoji(String text) {
        return EMOJI.matcher(text).matches()
                || (FLAG.matcher(text).matches() && isCountry(letters(text)))
                || PARTS_OF_COUNTRIES.contains(text);
    }

    private static boolean isCountry(String code) {
        return OTHER_FLAGS.contains(code)
                || Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2).contains(code);
    }

    private static String letters(String flag) {
        StringBuilder letters = new StringBuilder();
        flag.codePoints().forEach(letter -> letters.append((char) ('A' + letter - FIRST_LETTER)));
        return letters.toString();
    }

    /** A black flag, the letters as tags, and the tag that ends them. */
    private static String part(String code) {
        StringBuilder flag = new StringBuilder().appendCodePoint(0x1F3F4);
        code.chars().forEach(letter -> flag.appendCodePoint(0xE0000 + letter));
        return flag.appendCodePoint(0xE007F).toString();
    }
}
