package dev.tutti.edge.sse;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.flow.WireError;
import dev.tutti.edge.http.Exchange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Refuses event streams. A browser's EventSource tries again after an answer that ends, and never after a status other than 200 (HTML
 * standard, section 9.2.2): so a failure that passes is told to it by a stream of one event. Clients that did not ask for {@code
 * text/event-stream} by name are told by the status. Stateless.
 */
final class SseRefusals {
    private static final String EVENT_STREAM = "text/event-stream";
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(5); // an EventSource keeps to it from then on

    private SseRefusals() {}

    /** Answers {@code exchange}, on its event loop, with {@code why} there is no stream. */
    static void refuse(Exchange exchange, EdgeParts parts, TuttiException why) {
        boolean passes = why.code().retry() != ErrorCode.Retry.NEVER;
        if (!passes || !asksForEventStream(exchange) || !exchange.answerable()) {
            exchange.fail(why);
            return;
        }
        parts.flow().metrics().refused(why.code());
        exchange.request().response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        exchange.send(
                200,
                EVENT_STREAM + "; charset=utf-8",
                Buffer.buffer("retry: " + pause(why).toMillis() + "\nevent: error\ndata: ")
                        .appendBytes(parts.tutti().json().bytes(WireError.of(why)))
                        .appendString("\n\n"));
    }

    private static boolean asksForEventStream(Exchange exchange) {
        return exchange.request().headers().getAll(HttpHeaders.ACCEPT).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(range -> range.split(";", 2)[0].strip())
                .anyMatch(EVENT_STREAM::equalsIgnoreCase);
    }

    /**
     * As long as the failure says, within bounds, and up to twice that, so that those who are refused together do not come back
     * together.
     */
    private static Duration pause(TuttiException why) {
        long wanted = why.retryAfter().orElse(PAUSE).toMillis();
        long least = Math.clamp(wanted, SHORTEST.toMillis(), LONGEST.toMillis());
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(least, 2 * least));
    }
}
