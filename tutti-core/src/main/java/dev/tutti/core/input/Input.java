package dev.tutti.core.input;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks of input from clients. A method that checks a field returns its value, or throws a {@link TuttiException} with {@link
 * ErrorCode#BAD_REQUEST}, whose message names the field and the allowed values. Stateless.
 */
public final class Input {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,15}");
    private static final int MAX_SEARCH = 64;

    /** Characters that count as letters or symbols but are blank: Hangul fillers and the Braille pattern without dots. */
    private static final String BLANK = "\u115F\u1160\u2800\u3164\uFFA0";

    private Input() {}

    /** A field that must not be missing. */
    public static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw refused(field + " is missing");
        }
        return value;
    }

    /**
     * Text of {@code least} to {@code most} UTF-16 units, without control characters except line breaks and tabs, and without unpaired
     * surrogates.
     */
    public static String text(String field, @Nullable String value, int least, int most) {
        String text = length(field, value, least, most);
        if (!text.codePoints().allMatch(c -> c == '\n' || c == '\r' || c == '\t' || storable(c))) {
            throw refused(field + " holds control characters or broken Unicode");
        }
        return text;
    }

    /**
     * A name that is shown in one line. The result is in normal form C and has no white space at both ends. The name must have a visible
     * character, and none that changes the direction of other text.
     */
    public static String label(String field, @Nullable String value, int least, int most) {
        String label = length(
                field, value == null ? null : Normalizer.normalize(value.strip(), Normalizer.Form.NFC), least, most);
        if (!isVisible(label)) {
            throw refused(field + " has nothing that can be seen");
        }
        if (!label.codePoints().allMatch(c -> storable(c) && !reorders(c))) {
            throw refused(field + " holds control characters or broken Unicode");
        }
        return label;
    }

    /** Text that matches {@code form}; {@code allowed} describes the form for the message. */
    public static String form(String field, @Nullable String value, Pattern form, String allowed) {
        String text = present(field, value);
        if (!form.matcher(text).matches()) {
            throw refused(field + " is not " + allowed);
        }
        return text;
    }

    /** A whole number from 0, of at most 15 digits, as text in a path or query. */
    public static long number(String field, String value) {
        if (!WHOLE_NUMBER.matcher(value).matches()) {
            throw refused(field + " is not a whole number of at most 15 digits");
        }
        return Long.parseLong(value);
    }

    /** The limit of a page, 1 to {@code most}; {@code otherwise} if it is missing. */
    public static int limit(Optional<String> value, int otherwise, int most) {
        long limit = value.map(text -> number("limit", text)).orElse((long) otherwise);
        if (limit < 1 || limit > most) {
            throw refused("limit " + limit + "; allowed are 1 to " + most);
        }
        return (int) limit;
    }

    /** A number from 1 to {@code most}; {@code otherwise} if it is missing. */
    public static int within(String field, @Nullable Integer value, int otherwise, int most) {
        int number = value == null ? otherwise : value;
        if (number < 1 || number > most) {
            throw refused(field + " is " + number + "; allowed are 1 to " + most);
        }
        return number;
    }

    /** A text to search for, folded; empty to find everything. */
    public static String search(Optional<String> query) {
        return folded(text("query", query.orElse(""), 0, MAX_SEARCH));
    }

    /** Whether {@code text} has a visible character: a letter, number, punctuation mark or symbol that is not blank. */
    public static boolean isVisible(String text) {
        return text.codePoints().anyMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> BLANK.indexOf(c) < 0;
        });
    }

    /** The form in which names are compared: normal form KC in lower case, without white space at both ends. */
    public static String folded(String text) {
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    private static String length(String field, @Nullable String value, int least, int most) {
        String text = present(field, value);
        if (text.length() < least || text.length() > most) {
            throw refused(field + " has " + text.length() + " characters; allowed are " + least + " to " + most);
        }
        return text;
    }

    private static boolean storable(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }

    /** Whether it is a line or paragraph separator, or changes the writing direction (UAX 9): these can disguise a name. */
    private static boolean reorders(int codePoint) {
        return codePoint == 0x2028
                || codePoint == 0x2029
                || (codePoint >= 0x202A && codePoint <= 0x202E)
                || (codePoint >= 0x2066 && codePoint <= 0x2069);
    }

    /** The exception for input that is not allowed. */
    public static TuttiException refused(String message) {
        return new TuttiException(ErrorCode.BAD_REQUEST, message);
    }
}
