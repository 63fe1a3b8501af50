package dev.tutti;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of the exceptions of Tutti. Its code is stable. Its code and its message may be sent to a client, its cause must not be.
 */
public class TuttiException extends RuntimeException {
    private final ErrorCode code;
    private final @Nullable Duration retryAfter;

    /** A failure with a message that names the input or setting, its value, and what is allowed. */
    public TuttiException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    /** A failure with a cause. */
    public TuttiException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    /** A failure after which the caller can try again when {@code retryAfter} has passed. */
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

    /** The time to wait before another attempt, if it is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
