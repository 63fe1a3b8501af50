package dev.tutti.http;

import dev.tutti.socket.Authenticator;

/**
 * Something that is done around handlers: finding out who asks, keeping a limit, noting what was done. Safe for use by many
 * threads.
 */
@FunctionalInterface
public interface Filter {
    /**
     * The answer to {@code request}: that of {@code next}, as it is or changed, or one of its own. Called on a virtual thread; may
     * block, and fails as {@link RequestHandler#handle} does.
     */
    Reply apply(Request request, RequestHandler next) throws Exception;

    /** This one around {@code inner}. */
    default Filter around(Filter inner) {
        return (request, next) -> apply(request, passed -> inner.apply(passed, next));
    }

    /** Lets only those through whom {@code authenticator} knows; {@link Request#principal} says who it is. */
    static Filter authenticated(Authenticator authenticator) {
        return (request, next) -> next.handle(request.by(authenticator.authenticate(request.handshake())));
    }
}
