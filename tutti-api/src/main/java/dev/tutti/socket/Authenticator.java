package dev.tutti.socket;

/** Verifies the credentials of a client. Called on a virtual thread; may block. */
@FunctionalInterface
public interface Authenticator {
    /**
     * The identity of the client that sent {@code handshake}.
     *
     * @throws dev.tutti.TuttiException if the client is refused: with {@link dev.tutti.ErrorCode#UNAUTHENTICATED} or another code. The
     *     client gets code and message
     */
    Principal authenticate(Handshake handshake);
}
