package dev.tutti.http;

/** Where an application says which requests it answers. Routes are added before the server starts. */
public interface Routes {
    /**
     * Answers {@code method} requests for {@code path}, in which {@code :name} stands for one segment, with {@code
     * handler}. A path that exists with other methods only is answered with {@link
     * dev.tutti.ErrorCode#METHOD_NOT_ALLOWED}.
     */
    Routes on(String method, String path, RequestHandler handler);

    /**
     * The same for a handler that reads the body itself, with {@link Request#stream}, however large it is. It has no time-out but
     * for a client that is too slow. The part of the body that it has not read when it answers is dropped, with
     * the connection.
     */
    Routes onStream(String method, String path, RequestHandler handler);

    /** These routes for handlers that {@code filter} is around; those that were added without it are as they were. */
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
