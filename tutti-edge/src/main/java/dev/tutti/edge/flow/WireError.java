package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The wire form of a failure, as clients are told it: never a stack trace, a class or the message of somebody else's exception. */
public final class WireError {
    private static final Logger log = LoggerFactory.getLogger(WireError.class);

    private WireError() {}

    /** {@code {"error":{"code","number","message","retryAfterMs"?}}}. */
    public static Map<String, Object> of(TuttiException failure) {
        return Map.of("error", fields(failure));
    }

    /** {@code {"code","number","message","retryAfterMs"?}}. */
    public static Map<String, Object> fields(TuttiException failure) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.code().text());
        error.put("number", failure.code().number());
        error.put("message", String.valueOf(failure.getMessage()));
        failure.retryAfter().ifPresent(pause -> error.put("retryAfterMs", pause.toMillis()));
        return error;
    }

    /**
     * {@code failure} as something that a client may be told: what is not ours, and what is a defect, becomes {@link
     * ErrorCode#INTERNAL} with an incident id, and is logged under it.
     */
    public static TuttiException tellable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TuttiException known && known.code() != ErrorCode.INTERNAL) {
            return known;
        }
        String incident = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        log.error("Incident {}: a client was told of an internal error", incident, cause);
        return new TuttiException(ErrorCode.INTERNAL, "internal error, incident " + incident);
    }
}
