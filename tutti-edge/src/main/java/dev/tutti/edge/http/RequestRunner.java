package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.Shares;
import dev.tutti.edge.flow.WireError;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.http.StreamedContent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs handlers on virtual threads, so many at a time, of which an address has its share, each for so long; and those of the
 * operator beside them, on platform threads, one for each route, so that neither traffic nor a slow route keeps them waiting.
 * Safe for use by many threads.
 */
final class RequestRunner implements AutoCloseable {
    /** The end of an entity tag that is not that of the plain bytes. */
    static final String OF_GZIP = "-gzip";

    private static final int GZIP_FROM_BYTES = 2048;
    private static final int LANE_WAITING = 64;
    private static final int LANE_PERCENT = 50;

    /** The answer as it goes out: made on the virtual thread, so that the event loop has no work with it. */
    private record Answer(Reply reply, String contentType, Buffer body, boolean gzip) {}

    private final JsonCodec json;
    private final Shares inFlight;
    private final Duration timeout;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>(); // one for each operator's route

    /** One operator's route: of what may wait there, an address has its share, so that an address that asks often keeps no other out. */
    private record Lane(ThreadPoolExecutor thread, Shares places) {}

    RequestRunner(JsonCodec json, Shares inFlight, Duration timeout, MeterRegistry meters) {
        this.json = json;
        this.inFlight = inFlight;
        this.timeout = timeout;
        Gauge.builder(HttpMetrics.IN_FLIGHT, inFlight, Shares::taken)
                .description("Requests that handlers work on")
                .register(meters);
    }

    /** Takes what {@code charge} needs, runs {@code handler} and answers; to be called on the request's event loop. */
    void run(Exchange exchange, RequestHandler handler, Request request, RequestCharge charge) {
        run(exchange, handler, request, charge, thread -> start(exchange, thread));
    }

    /** The same for one that reads the body itself, and has its time for that. */
    void runStreaming(Exchange exchange, RequestHandler handler, Request request, RequestCharge charge) {
        run(exchange, handler, request, charge, Thread::start);
    }

    private void run(
            Exchange exchange, RequestHandler handler, Request request, RequestCharge charge, Consumer<Thread> start) {
        if (!exchange.admits(0)) { // while nothing has been done
            return;
        }
        BodyRoom room = exchange.room();
        Optional<Shares.Part> place = inFlight.take(NetworkAddress.holder(exchange.address()), false, 1);
        if (place.isEmpty()) {
            exchange.fail(new TuttiException(
                    ErrorCode.OVERLOADED, "too many requests are being worked on", Duration.ofSeconds(1)));
            return;
        }
        room.handlerBegins();
        try { // there may be no memory for a thread, either
            Thread thread = Thread.ofVirtual().name("tutti-http").unstarted(() -> {
                try (Shares.Part _ = place.get()) {
                    work(exchange, charged(handler, charge), request, () -> charge.tell(response(exchange)));
                } finally {
                    room.handlerEnded();
                }
            });
            start.accept(thread);
        } catch (Throwable notBegun) {
            place.get().close();
            room.handlerEnded();
            throw notBegun;
        }
    }

    private void start(Exchange exchange, Thread thread) {
        Runnable inTime = exchange.later(timeout, () -> {
            if (exchange.answerable()) { // and not in the middle of one
                thread.interrupt();
                exchange.fail(new TuttiException(
                        ErrorCode.TIMEOUT, "there was no answer within " + timeout.toSeconds() + " s"));
            }
        });
        exchange.atEnd(inTime);
        thread.start();
    }

    /** Runs {@code handler} of the operator's route {@code pattern} and answers. */
    void runApart(String pattern, Exchange exchange, RequestHandler handler, Request request) {
        Lane lane = lanes.computeIfAbsent(pattern, RequestRunner::lane);
        Optional<Shares.Part> place = lane.places().take(NetworkAddress.holder(exchange.address()), false, 1);
        if (place.isEmpty()) {
            exchange.fail(new TuttiException(
                    ErrorCode.OVERLOADED, "too many of these requests wait already", Duration.ofSeconds(1)));
            return;
        }
        try {
            lane.thread().execute(() -> {
                try (Shares.Part _ = place.get()) {
                    work(exchange, handler, request, () -> {});
                }
            });
        } catch (RejectedExecutionException closed) {
            place.get().close();
            exchange.fail(new TuttiException(ErrorCode.GOING_AWAY, "this instance has stopped"));
        } catch (Throwable notBegun) { // its thread ends when idle, and there may be none for the next one
            place.get().close();
            exchange.fail(WireError.tellable(notBegun));
        }
    }

    private static Lane lane(String pattern) {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(LANE_WAITING),
                Thread.ofPlatform().daemon().name("tutti-operator " + pattern).factory());
        thread.allowCoreThreadTimeOut(true);
        return new Lane(thread, new Shares(LANE_WAITING, LANE_PERCENT, 0));
    }

    @Override
    public void close() {
        lanes.values().forEach(lane -> lane.thread().shutdownNow());
    }

    private static RequestHandler charged(RequestHandler handler, RequestCharge charge) {
        return request -> {
            charge.begin();
            return handler.handle(request);
        };
    }

    private static HttpServerResponse response(Exchange exchange) {
        return exchange.request().response();
    }

    /** Answers with what {@code handler} says; {@code headers}, on the event loop, adds to that if there is still somebody to answer. */
    private void work(Exchange exchange, RequestHandler handler, Request request, Runnable headers) {
        try {
            Reply reply = handler.handle(request);
            if (reply.body() instanceof StreamedContent content) {
                send(exchange, reply, content, headers, request.method().equals("HEAD"));
                return;
            }
            Answer answer = answer(reply, request);
            answer(exchange, headers, () -> send(exchange, answer));
        } catch (Exception | StackOverflowError failure) {
            TuttiException told = WireError.tellable(failure);
            answer(exchange, headers, () -> exchange.fail(told));
        } catch (Error grave) {
            exchange.onLoop(() -> exchange.fail(WireError.tellable(new IllegalStateException(grave))));
            throw grave;
        }
    }

    private static void answer(Exchange exchange, Runnable headers, Runnable send) {
        exchange.onLoop(() -> {
            if (exchange.answerable()) {
                headers.run();
                send.run();
            }
        });
    }

    /** Sends {@code content} on this thread; the client may take hours for it, but not do nothing. */
    private static void send(
            Exchange exchange, Reply reply, StreamedContent content, Runnable headers, boolean headAlone)
            throws Exception {
        try (Shares.Part _ = exchange.held(ContentSender.HELD_BYTES).orElseThrow(BodyReader::overloaded);
                InputStream bytes = headAlone
                        ? InputStream.nullInputStream()
                        : content.source().open()) {
            CompletableFuture<Boolean> begun = new CompletableFuture<>();
            exchange.onLoop(() -> begun.complete(begin(exchange, reply, content, headers, headAlone)));
            if (begun.get(exchange.patience().toMillis(), TimeUnit.MILLISECONDS) && !headAlone) {
                new ContentSender(exchange, content, exchange.patience()).send(bytes);
            }
        }
    }

    private static boolean begin(
            Exchange exchange, Reply reply, StreamedContent content, Runnable headers, boolean headAlone) {
        if (!exchange.head(reply.status(), content.type(), content.length())) {
            return false;
        }
        headers.run();
        headers(exchange.request().response(), reply);
        if (headAlone) {
            exchange.request().response().end();
        } else {
            exchange.request().response().writeHead();
        }
        return true;
    }

    private Answer answer(Reply reply, Request request) {
        @Nullable Object content = reply.body();
        byte[] bytes = switch (content) {
            case null -> new byte[0];
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> json.bytes(content);
        };
        boolean gzip = packs(bytes.length, request);
        return new Answer(
                reply,
                content instanceof String ? "text/plain; charset=utf-8" : "application/json",
                Buffer.buffer(gzip ? Gzip.compress(bytes) : bytes),
                gzip);
    }

    /** Whether a body of {@code length} bytes is sent with gzip. */
    static boolean packs(int length, Request request) {
        return length >= GZIP_FROM_BYTES && Gzip.accepted(request.header("accept-encoding"));
    }

    /** An answer to a read gives way if there is no room; a change is told in any case, so that nobody takes it for undone. */
    private static void send(Exchange exchange, Answer answer) {
        HttpMethod method = exchange.request().method();
        boolean repeatable = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (!exchange.answerable()
                || (repeatable && !exchange.admits(answer.body().length()))) {
            return;
        }
        HttpServerResponse response = exchange.request().response();
        headers(response, answer.reply());
        if (answer.gzip()) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            weaken(response.headers());
        }
        response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (answer.reply().body() == null) {
            exchange.send(answer.reply().status());
        } else {
            exchange.send(answer.reply().status(), answer.contentType(), answer.body());
        }
    }

    /** A handler's strong tag is that of the plain bytes, which these are not; the cache's own tells the two apart. */
    private static void weaken(MultiMap headers) {
        @Nullable String tag = headers.get(HttpHeaders.ETAG);
        if (tag != null && tag.startsWith("\"") && !tag.endsWith(OF_GZIP + '"')) {
            headers.set(HttpHeaders.ETAG, "W/" + tag);
        }
    }

    private static void headers(HttpServerResponse response, Reply reply) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        reply.headers().forEach(header -> {
            if (header.getKey().equalsIgnoreCase("set-cookie")
                    || header.getKey().equalsIgnoreCase("vary")) {
                response.headers().add(header.getKey(), header.getValue());
            } else {
                response.headers().set(header.getKey(), header.getValue());
            }
        });
    }
}
