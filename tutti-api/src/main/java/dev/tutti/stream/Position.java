package dev.tutti.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.regex.Pattern;

/**
 * A moment in the history of a whole store, over all its streams. It includes the events that were committed by then, and no others.
 *
 * @param token the store's own notation, opaque to others, at most {@link #MAX_LENGTH} characters of
 *     {@code A-Z a-z 0-9 . _ -}; it may be given to a client and accepted from it again
 */
public record Position(String token) {
    /** The longest token, in characters. */
    public static final int MAX_LENGTH = 4096;

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]+");

    public Position {
        if (token.length() > MAX_LENGTH || !FORM.matcher(token).matches()) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "position is not 1 to " + MAX_LENGTH + " characters of [A-Za-z0-9._-] as this server gives them");
        }
    }
}
