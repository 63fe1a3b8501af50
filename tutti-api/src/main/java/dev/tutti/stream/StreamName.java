package dev.tutti.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.regex.Pattern;

/**
 * The name of a stream: a kind, a colon, and an id, for example {@code conversation:42}.
 *
 * <p>The kind has 1 to 32 lower-case letters, digits and hyphens, and begins with a letter; retention is set per kind. The id has 1
 * to 128 characters of {@code A-Z a-z 0-9 . _ - ~ :}. Names are ordered by their code units.
 *
 * @param value kind and id together
 */
public record StreamName(String value) implements Comparable<StreamName> {
    /** The longest name, in characters. All are ASCII, so this is also its length in bytes. */
    public static final int MAX_LENGTH = 32 + 1 + 128;

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}:[A-Za-z0-9._~:-]{1,128}");

    public StreamName {
        if (value.length() > MAX_LENGTH || !FORM.matcher(value).matches()) {
            throw refused(value);
        }
    }

    /** The name of {@code kind} and {@code id}. */
    public static StreamName of(String kind, String id) {
        return new StreamName(kind + ":" + id);
    }

    /** The part before the first colon. */
    public String kind() {
        return value.substring(0, value.indexOf(':'));
    }

    /** The part after the first colon. */
    public String id() {
        return value.substring(value.indexOf(':') + 1);
    }

    @Override
    public int compareTo(StreamName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static TuttiException refused(String value) {
        String shown = value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "…";
        return new TuttiException(
                ErrorCode.BAD_REQUEST,
                "stream name '" + shown + "' is not of the form kind:id, with a kind of 1 to 32 characters of"
                        + " [a-z0-9-] and an id of 1 to 128 characters of [A-Za-z0-9._~:-]");
    }
}
