package dev.tutti.socket;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a check of {@link Namespace#use}: refuses the socket for good, and tells its client what the application says.
 * Socket.IO's clients have the message and the data in their {@code connect_error}. A refusal that passes, such as {@link
 * ErrorCode#UNAVAILABLE}, is a plain {@link TuttiException} with that code: clients try again by themselves.
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

    /** The data that the client is told beside the message. */
    public @Nullable Object data() {
        return data;
    }
}
