package dev.tutti.server.identity;

import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.server.key.ApiKey;

/** Answers a request of a program. */
@FunctionalInterface
public interface KeyHandler {
    /**
     * The answer, as {@link RequestHandler#handle} gives it.
     *
     * @param request the request, with the key's principal as its principal
     * @param key the key that authenticated the request; the handler checks what the key allows
     */
    Reply handle(Request request, ApiKey key) throws Exception;
}
