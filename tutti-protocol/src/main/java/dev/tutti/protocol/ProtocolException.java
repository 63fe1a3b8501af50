package dev.tutti.protocol;

/**
 * Bytes that do not follow the protocol. The message says what was expected and may be told to the peer. Has no stack
 * trace: what a peer sends is no defect here, and must not be costly.
 */
public final class ProtocolException extends RuntimeException {
    private final String message;

    /** The violation: {@code message} says what was expected, and what came. */
    public ProtocolException(String message) {
        super(message, null, false, false);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
