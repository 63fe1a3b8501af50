package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.edge.flow.WireError;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs handlers on virtual threads, so many at a time, each for so long. Safe for use by many threads. */
final class RequestRunner {
    private static final int GZIP_FROM_BYTES = 2048;

    /** What goes out: made on the virtual thread, so that the event loop has no work with it. */
    private record Answer(Reply reply, String contentType, Buffer body, boolean gzip) {}

    private final JsonCodec json;
    private final int most;
    private final Duration timeout;
    private final AtomicInteger inFlight = new AtomicInteger();

    RequestRunner(JsonCodec json, int most, Duration timeout, MeterRegistry meters) {
        this.json = json;
        this.most = most;
        this.timeout = timeout;
        Gauge.builder(HttpMetrics.IN_FLIGHT, inFlight, AtomicInteger::get)
                .description("Requests that handlers work on")
                .register(meters);
    }

    /** Runs {@code handler} and answers; to be called on the request's event loop. */
    void run(Exchange exchange, RequestHandler handler, Request request) {
        if (inFlight.incrementAndGet() > most) {
            inFlight.decrementAndGet();
            exchange.fail(new TuttiException(
                    ErrorCode.OVERLOADED, most + " requests are being worked on", Duration.ofSeconds(1)));
            return;
        }
        Thread thread = Thread.ofVirtual().name("tutti-http").unstarted(() -> work(exchange, handler, request));
        Runnable inTime = exchange.later(timeout, () -> {
            thread.interrupt();
            exchange.fail(
                    new TuttiException(ErrorCode.TIMEOUT, "there was no answer within " + timeout.toSeconds() + " s"));
        });
        exchange.atEnd(inTime);
        thread.start();
    }

    private void work(Exchange exchange, RequestHandler handler, Request request) {
        try {
            Answer answer = answer(handler.handle(request), request);
            exchange.onLoop(() -> send(exchange, answer));
        } catch (Exception | StackOverflowError failure) {
            TuttiException told = WireError.tellable(failure);
            exchange.onLoop(() -> exchange.fail(told));
        } finally {
            inFlight.decrementAndGet();
        }
    }

    private Answer answer(Reply reply, Request request) {
        @Nullable Object content = reply.body();
        byte[] bytes = switch (content) {
            case null -> new byte[0];
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> json.bytes(content);
        };
        boolean gzip = bytes.length >= GZIP_FROM_BYTES && Gzip.accepted(request.header("accept-encoding"));
        return new Answer(
                reply,
                content instanceof String ? "text/plain; charset=utf-8" : "application/json",
                Buffer.buffer(gzip ? Gzip.compress(bytes) : bytes),
                gzip);
    }

    private static void send(Exchange exchange, Answer answer) {
        if (!exchange.answerable()) {
            return;
        }
        HttpServerResponse response = exchange.request().response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        answer.reply().headers().forEach(header -> {
            if (header.getKey().equalsIgnoreCase("set-cookie")) {
                response.headers().add(header.getKey(), header.getValue());
            } else {
                response.headers().set(header.getKey(), header.getValue());
            }
        });
        if (answer.gzip()) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (answer.reply().body() == null) {
            exchange.send(answer.reply().status());
        } else {
            exchange.send(answer.reply().status(), answer.contentType(), answer.body());
        }
    }
}
