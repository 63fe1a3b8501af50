package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.WireError;
import dev.tutti.socket.Handshake;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One request and its answer, on the event loop. The answer's common headers are set already. Answers are given once; what
 * comes later is dropped, because the client may have gone, or a time-out may have been faster.
 */
public final class Exchange {
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final HttpServerRequest request;
    private final RequestUri uri;
    private final JsonCodec json;
    private final FlowMetrics metrics;
    private final Set<String> origins;

    Exchange(HttpServerRequest request, RequestUri uri, JsonCodec json, FlowMetrics metrics, Set<String> origins) {
        this.request = request;
        this.uri = uri;
        this.json = json;
        this.metrics = metrics;
        this.origins = origins;
    }

    /** The request as Vert.x has it. */
    public HttpServerRequest request() {
        return request;
    }

    /** Path and query, decoded. */
    public RequestUri uri() {
        return uri;
    }

    /** Address, headers, query. */
    public Handshake handshake() {
        return Handshakes.of(request, uri, Map.of());
    }

    /**
     * Checks that a request which is authenticated by cookie comes from a page of this server or of an allowed origin.
     *
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it does not
     */
    public void requireSameSite() {
        SameSite.require(handshake(), origins);
    }

    /** Reads the body, at most {@code most} bytes; if it has more, the request is refused and {@code then} not called. */
    public void body(int most, Consumer<Buffer> then) {
        BodyReader.read(this, most, then);
    }

    /** Answers with JSON. */
    public void json(int status, Object body) {
        send(status, "application/json", Buffer.buffer(json.bytes(body)));
    }

    /** Answers with {@code body} of {@code contentType}. */
    public void send(int status, String contentType, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            response.end();
        } else {
            response.end(body);
        }
    }

    /** Answers with an error, and counts it. */
    public void fail(TuttiException failure) {
        if (request.response().ended()) {
            return;
        }
        metrics.refused(failure.code());
        failure.retryAfter()
                .ifPresent(pause -> request.response()
                        .putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, pause.toSeconds()))));
        json(failure.code().httpStatus(), WireError.of(failure));
    }

    /** Closes the connection once the answer is written: for requests that are not read to their end. */
    void closeAfterAnswer() {
        request.connection().shutdown(LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }
}
