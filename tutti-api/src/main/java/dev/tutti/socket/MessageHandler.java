package dev.tutti.socket;

/** The application's reaction to a message of a client. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Handles one message, on a virtual thread; the socket's next message waits until this returns. If it throws, and
     * the client asked for an acknowledgement, the client gets {@code {error: {code, message}}} as one.
     */
    void handle(Message message) throws Exception;
}
