package dev.tutti.server.identity;

import dev.tutti.http.Routes;

/**
 * A view of routes that adds routes for programs with a key, as {@link Routes#through} gives one for a filter. Other requests are
 * refused before the handler is called.
 */
public final class KeyRoutes {
    private final Routes routes;
    private final Identities identities;

    KeyRoutes(Routes routes, Identities identities) {
        this.routes = routes;
        this.identities = identities;
    }

    /** Adds a route, as {@link Routes#on} does. */
    public KeyRoutes on(String method, String path, KeyHandler handler) {
        routes.on(method, path, identities.authenticated(handler));
        return this;
    }
}
