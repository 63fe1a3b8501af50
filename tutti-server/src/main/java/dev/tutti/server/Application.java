package dev.tutti.server;

/**
 * Code of one's own in the process of the server: namespaces, subscriptions, workers, caches, routes and pages beside the
 * built-in features. {@code TUTTI_APPLICATION} names the jar that it is in, whose file {@code
 * META-INF/services/dev.tutti.server.Application} names the class, which has a public constructor without parameters.
 */
@FunctionalInterface
public interface Application {
    /** Nothing beside the built-in features. */
    Application NONE = _ -> {};

    /**
     * Adds it, once for each server, before the first client comes. Anything that it throws ends the start.
     *
     * @param context may be used during this call; objects that it gives out, until the server is closed
     */
    void start(ServerContext context);
}
