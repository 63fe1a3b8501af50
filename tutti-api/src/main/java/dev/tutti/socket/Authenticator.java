package dev.tutti.socket;

/** Finds out who a client is. Called on a virtual thread; may block. */
@FunctionalInterface
public interface Authenticator {
    /**
     * The client behind {@code handshake}.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNAUTHENTICATED} or another code that the client
     *     is told
     */
    Principal authenticate(Handshake handshake);
}
