package dev.tutti.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to append one event to a stream.
 *
 * @param stream the stream
 * @param type the type of the event, 1 to 64 characters of {@code A-Z a-z 0-9 . _ - :}
 * @param data the content of the event, at most {@link #MAX_DATA_BYTES}
 * @param key the sender's own id for this event, 1 to 64 printable ASCII characters. A repeated append with the same key adds no second
 *     event; with null each append adds an event
 */
public record Append(
        StreamName stream, String type, Json data, @Nullable String key) {
    /** The largest content of one event, in bytes. */
    public static final int MAX_DATA_BYTES = 256 * 1024;

    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern KEY = Pattern.compile("[!-~]{1,64}");

    public Append {
        if (!TYPE.matcher(type).matches()) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "event type '" + shorten(type) + "' is not 1 to 64 characters of [A-Za-z0-9._:-]");
        }
        if (data.length() == 0 || data.length() > MAX_DATA_BYTES) {
            throw new TuttiException(
                    data.length() == 0 ? ErrorCode.BAD_REQUEST : ErrorCode.TOO_LARGE,
                    "event data has " + data.length() + " bytes; allowed are 1 to " + MAX_DATA_BYTES);
        }
        if (key != null && !KEY.matcher(key).matches()) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "event key '" + shorten(key) + "' is not 1 to 64 printable ASCII characters without spaces");
        }
    }

    /** An append without a key: each repetition adds another event. */
    public Append(StreamName stream, String type, Json data) {
        this(stream, type, data, null);
    }

    private static String shorten(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }
}
