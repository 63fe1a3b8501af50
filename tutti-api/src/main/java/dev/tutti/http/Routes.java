package dev.tutti.http;

/** Where an application says which requests it answers. Routes are added before the server starts. */
public interface Routes {
    /**
     * Answers {@code method} requests for {@code path}, in which {@code :name} stands for one segment, with {@code
     * handler}. A path that exists with other methods only is answered with {@link
     * dev.tutti.ErrorCode#METHOD_NOT_ALLOWED}.
     */
    Routes on(String method, String path, RequestHandler handler);
}
