package dev.tutti.http;

/** Answers a request. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * The answer, found on a virtual thread; may block. A {@link dev.tutti.TuttiException} is answered with its status and
     * {@code {error: {code, message}}}, anything else with {@link dev.tutti.ErrorCode#INTERNAL}.
     */
    Reply handle(Request request) throws Exception;
}
