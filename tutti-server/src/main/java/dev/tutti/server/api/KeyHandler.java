package dev.tutti.server.api;

import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.server.identity.Identities;
import dev.tutti.server.key.ApiKey;

/** Answers a request of a program, with the key that it shows. */
@FunctionalInterface
interface KeyHandler {
    /** The answer, as {@link RequestHandler#handle} gives it; the request is by the key's principal. */
    Reply handle(Request request, ApiKey key) throws Exception;

    /** The same for all requests that show a key which {@code identities} know. */
    default RequestHandler among(Identities identities) {
        return request -> {
            ApiKey key = identities.key(request.handshake());
            return handle(request.by(key.principal()), key);
        };
    }
}
