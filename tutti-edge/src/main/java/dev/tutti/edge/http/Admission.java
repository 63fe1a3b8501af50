package dev.tutti.edge.http;

/**
 * How the requests that a handler answers are let in: to which limits they are charged, how much of a body they may
 * bring, and where the handler runs. {@link Dispatcher} does what each says.
 */
enum Admission {
    /**
     * Charged to the limits of requests, and one of those that may be under way. The body is read first, within its
     * bound; the handler then runs on a virtual thread, with a time-out.
     */
    ORDINARY,
    /**
     * Charged in the same way. The handler reads the body as it comes, on a virtual thread, for as long as the client
     * is not too slow.
     */
    STREAMING,
    /**
     * Of an operator's tools: charged to nothing and held up by no client, without a body, on a platform thread that
     * the route has for itself. Also answered where too much waits to be sent.
     */
    OPERATOR
}
