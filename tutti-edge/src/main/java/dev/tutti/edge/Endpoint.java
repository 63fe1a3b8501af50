package dev.tutti.edge;

import dev.tutti.edge.http.Exchange;
import java.util.List;

/**
 * A part of the edge that talks to its clients itself, on the event loops: a transport. A part that only answers requests is a
 * route instead, see {@link dev.tutti.http.Routes}.
 */
public interface Endpoint {
    /** Makes an endpoint of what the edge gives it; called once, when the edge starts. */
    @FunctionalInterface
    interface Factory {
        /** The endpoint. */
        Endpoint create(EdgeParts parts);
    }

    /** The path it answers; all paths that begin with it if it ends with a slash. */
    String path();

    /**
     * Answers one request, on its event loop, without blocking. A {@link dev.tutti.TuttiException} thrown here is told to
     * the client. Where the answer has to wait until there is something to say, or has no end, {@link Exchange#lasts} says so.
     */
    void handle(Exchange exchange);

    /**
     * This instance leaves: what sends each open connection elsewhere, with {@link dev.tutti.ErrorCode#GOING_AWAY}. Called
     * once nobody new is admitted, on any thread; neither this nor what it returns blocks.
     */
    List<Runnable> drainTasks();
}
