package dev.tutti.edge.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.protocol.engineio.EngineEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One HTTP request of a client, to be answered once, from any thread; it lives on its connection's event loop. */
final class Exchange {
    /** What Engine.IO's document calls the reasons to refuse a request, beside our own codes. */
    enum Refusal {
        /** A transport that is not known. */
        TRANSPORT_UNKNOWN(0, "Transport unknown"),
        /** A session that is not, or no more. */
        SESSION_UNKNOWN(1, "Session ID unknown"),
        /** A session must begin with GET. */
        BAD_METHOD(2, "Bad handshake method"),
        /** Anything else that does not fit. */
        BAD_REQUEST(3, "Bad request"),
        /** An older or newer Engine.IO. */
        UNSUPPORTED_VERSION(5, "Unsupported protocol version");

        private final int number;
        private final String text;

        Refusal(int number, String text) {
            this.number = number;
            this.text = text;
        }
    }

    private static final byte[] OK = {'o', 'k'};
    private static final byte[] SEPARATOR = {EngineEncoder.SEPARATOR};
    private static final String PLAIN = "text/plain; charset=UTF-8";
    private static final String PREFLIGHT_SECONDS = "600";

    private final HttpServerRequest request;
    private final EventLoop loop;
    private final Cors cors;

    Exchange(HttpServerRequest request, Cors cors) {
        this.request = request;
        this.loop = ((HttpServerRequestInternal) request).context().nettyEventLoop();
        this.cors = cors;
    }

    HttpServerRequest request() {
        return request;
    }

    /** The event loop of the request's connection. */
    EventLoop loop() {
        return loop;
    }

    /** Runs {@code handler} on the connection's loop if the connection goes away before the answer was given. */
    void onAbort(Runnable handler) {
        onLoop(() -> {
            if (request.response().closed()) {
                handler.run();
            } else {
                request.response().closeHandler(_ -> handler.run());
            }
        });
    }

    /** 200, with packets in their polling form. */
    void payload(List<byte[]> parts) {
        byte[][] pieces = new byte[parts.size() * 2 - 1][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = i % 2 == 0 ? parts.get(i / 2) : SEPARATOR;
        }
        answer(200, PLAIN, Unpooled.wrappedBuffer(pieces));
    }

    /** 200, with what Engine.IO says to a request that brought packets. */
    void ok() {
        answer(200, PLAIN, Unpooled.wrappedBuffer(OK));
    }

    /** 400, as Engine.IO says it. */
    void refuse(Refusal refusal) {
        refuse(ErrorCode.BAD_REQUEST, refusal.number, refusal.text);
    }

    /** The status of {@code failure}, and the time to wait where known. */
    void refuse(TuttiException failure) {
        failure.retryAfter()
                .ifPresent(wait ->
                        request.response().putHeader("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))));
        refuse(failure.code(), Refusal.BAD_REQUEST.number, String.valueOf(failure.getMessage()));
    }

    /** The status of {@code code}; the message must need no escaping in JSON. */
    void refuse(ErrorCode code, int number, String message) {
        String json = "{\"code\":" + number + ",\"message\":\"" + message + "\",\"error\":{\"code\":\"" + code.text()
                + "\",\"number\":" + code.number() + ",\"message\":\"" + message + "\"}}";
        answer(code.httpStatus(), "application/json", Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** The answer to a browser's question whether a page may ask. */
    void preflight() {
        request.response()
                .putHeader("Access-Control-Allow-Methods", "GET, POST")
                .putHeader("Access-Control-Allow-Headers", "content-type, authorization")
                .putHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS);
        answer(204, PLAIN, Unpooled.EMPTY_BUFFER);
    }

    private void answer(int status, String type, ByteBuf body) {
        onLoop(() -> {
            HttpServerResponse response = request.response();
            if (response.ended() || response.closed()) {
                return; // the client did not wait
            }
            allowOrigin(response);
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .end(BufferInternal.buffer(body));
        });
    }

    private void allowOrigin(HttpServerResponse response) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && cors.allows(origin)) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin).putHeader(HttpHeaders.VARY, "Origin");
            if (cors.credentials()) {
                response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
            }
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
