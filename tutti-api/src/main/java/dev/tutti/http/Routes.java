package dev.tutti.http;

/** The routes of an application: which handler answers which requests. Add routes before the server starts. */
public interface Routes {
    /**
     * Adds a route: {@code handler} answers {@code method} requests for {@code path}, in which {@code :name} matches one segment. A request
     * for a path that has routes only for other methods is answered with {@link
     * dev.tutti.ErrorCode#METHOD_NOT_ALLOWED}.
     */
    Routes on(String method, String path, RequestHandler handler);

    /**
     * Adds a route whose handler reads the body itself, with {@link Request#stream}. The body may have any size. The only time-out is
     * for a client that is too slow. If the handler answers before it has read the whole body, the rest is dropped, and the connection
     * is closed.
     */
    Routes onStream(String method, String path, RequestHandler handler);

    /** A view that adds routes with {@code filter} around their handlers. Routes that are added without the view do not change. */
    default Routes through(Filter filter) {
        Routes behind = this;
        return new Routes() {
            @Override
            public Routes on(String method, String path, RequestHandler handler) {
                behind.on(method, path, request -> filter.apply(request, handler));
                return this;
            }

            @Override
            public Routes onStream(String method, String path, RequestHandler handler) {
                behind.onStream(method, path, request -> filter.apply(request, handler));
                return this;
            }
        };
    }
}
