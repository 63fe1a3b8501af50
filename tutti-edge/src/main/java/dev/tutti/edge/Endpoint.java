package dev.tutti.edge;

import dev.tutti.edge.http.Exchange;
import java.util.List;

/**
 * A transport: a part of the edge that communicates with its clients itself, on the event loops. A part that only answers requests is a
 * route instead, see {@link dev.tutti.http.Routes}.
 */
public interface Endpoint {
    /** Creates an endpoint from the parts of the edge; called once, when the edge starts. */
    @FunctionalInterface
    interface Factory {
        /** The endpoint. */
        Endpoint create(EdgeParts parts);
    }

    /** The path of the endpoint. If it ends with a slash, the endpoint also answers all paths that begin with it. */
    String path();

    /**
     * Answers one request, on its event loop, without blocking. If this throws a {@link dev.tutti.TuttiException}, the client gets its code and
     * message. If the answer waits for an event, or has no end, declare this by {@link Exchange#lasts}.
     */
    void handle(Exchange exchange);

    /**
     * The tasks that tell each open connection to reconnect elsewhere, with {@link dev.tutti.ErrorCode#GOING_AWAY}. Called when this instance
     * leaves, after new clients are no longer admitted, on any thread. Neither this method nor a task blocks.
     */
    List<Runnable> drainTasks();
}
