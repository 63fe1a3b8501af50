package dev.tutti.http;

import dev.tutti.socket.Authenticator;

/**
 * Code that runs around the handlers of routes, for example to authenticate the client, to enforce a limit, or to write an audit log. Safe
 * for use by many threads.
 */
@FunctionalInterface
public interface Filter {
    /**
     * Answers {@code request}: with the answer of {@code next}, unchanged or changed, or with an answer of its own. Called on a virtual
     * thread; may block. Exceptions are answered as those of {@link RequestHandler#handle}.
     */
    Reply apply(Request request, RequestHandler next) throws Exception;

    /** A filter that runs this one around {@code inner}. */
    default Filter around(Filter inner) {
        return (request, next) -> apply(request, passed -> inner.apply(passed, next));
    }

    /**
     * A filter that refuses every request that {@code authenticator} refuses. For the others, {@link Request#principal} is the client's
     * identity.
     */
    static Filter authenticated(Authenticator authenticator) {
        return (request, next) -> next.handle(request.by(authenticator.authenticate(request.handshake())));
    }
}
