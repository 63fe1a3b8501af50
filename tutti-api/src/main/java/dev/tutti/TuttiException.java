package dev.tutti;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of what Tutti throws. Its code is stable and may be told to a client, and so may its message; its cause may
 * not.
 */
public class TuttiException extends RuntimeException {
    private final ErrorCode code;
    private final @Nullable Duration retryAfter;

    /** A failure with a message that names the input or setting, its value, and what is allowed. */
    public TuttiException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    /** A failure that something else caused. */
    public TuttiException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    /** A failure that goes away after {@code retryAfter}. */
    public TuttiException(ErrorCode code, String message, Duration retryAfter) {
        this(code, message, retryAfter, null);
    }

    private TuttiException(ErrorCode code, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** The stable code. */
    public ErrorCode code() {
        return code;
    }

    /** How long to wait before asking again, where that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
