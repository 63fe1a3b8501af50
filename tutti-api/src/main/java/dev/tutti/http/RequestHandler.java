package dev.tutti.http;

/** Answers a request. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Answers a request, on a virtual thread; may block. A {@link dev.tutti.TuttiException} is answered with the status of its code and
     * {@code {error: {code, number, message}}}, any other exception with {@link dev.tutti.ErrorCode#INTERNAL}.
     */
    Reply handle(Request request) throws Exception;
}
