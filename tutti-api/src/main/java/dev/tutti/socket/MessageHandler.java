package dev.tutti.socket;

/** Application code that handles a message of a client or of another instance. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Handles one message, on a virtual thread. The socket's next message waits until this method returns. If it throws, and
     * the client asked for an acknowledgement, the client is acknowledged with {@code {error: {code, number, message, retryAfterMs}}}.
     */
    void handle(Message message) throws Exception;
}
