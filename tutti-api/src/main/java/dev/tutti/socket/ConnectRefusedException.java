package dev.tutti.socket;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a middleware of {@link Namespace#use} to refuse a socket for good, with a message and data of the application. Socket.IO's
 * clients get both in {@code connect_error}, and do not try again. For a temporary refusal throw a plain {@link TuttiException} with a code
 * such as {@link ErrorCode#UNAVAILABLE}: then clients try again by themselves.
 */
public final class ConnectRefusedException extends TuttiException {
    private final transient @Nullable Object data;

    /**
     * A refusal.
     *
     * @param data as in {@link Emitter#emit}, byte arrays in base64; null for none
     */
    public ConnectRefusedException(String message, @Nullable Object data) {
        super(ErrorCode.FORBIDDEN, message);
        this.data = data;
    }

    /** The data that the client gets in addition to the message. */
    public @Nullable Object data() {
        return data;
    }
}
