package dev.tutti.feed;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.regex.Pattern;

/**
 * The key of a feed: a kind, a colon, and an id, for example {@code price:eur-usd}. It has the same form as the name of a stream. Each
 * kind is configured as durable or volatile.
 *
 * @param value kind and id together: 1 to 32 lower-case letters, digits and hyphens, a letter first; a colon; 1 to 128
 *     characters of {@code A-Z a-z 0-9 . _ - ~ :}
 */
public record FeedKey(String value) implements Comparable<FeedKey> {
    /** The longest key, in characters, each of which is one byte. */
    public static final int MAX_LENGTH = 32 + 1 + 128;

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}:[A-Za-z0-9._~:-]{1,128}");

    public FeedKey {
        if (value.length() > MAX_LENGTH || !FORM.matcher(value).matches()) {
            String shown = value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "…";
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "feed key '" + shown + "' is not of the form kind:id, with a kind of 1 to 32 characters of"
                            + " [a-z0-9-] and an id of 1 to 128 characters of [A-Za-z0-9._~:-]");
        }
    }

    /** The key of {@code kind} and {@code id}. */
    public static FeedKey of(String kind, String id) {
        return new FeedKey(kind + ":" + id);
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
    public int compareTo(FeedKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
