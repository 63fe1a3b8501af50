package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.Tutti;
import dev.tutti.core.limit.Shares;
import dev.tutti.edge.flow.FlowControl;
import dev.tutti.edge.flow.WireError;
import dev.tutti.http.RequestHandler;
import dev.tutti.socket.Principal;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes every request of an edge, on the event loops, and gives it to what answers it: an endpoint, a handler on a virtual
 * thread, or the assets.
 */
public final class Dispatcher {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final List<CharSequence> SINGLE = List.of(
            HttpHeaders.HOST,
            HttpHeaders.AUTHORIZATION,
            HttpHeaders.CONTENT_TYPE,
            HttpHeaders.ORIGIN,
            HttpHeaders.createOptimized("sec-websocket-key"));
    private final Tutti tutti;
    private final Site site;
    private final ExchangeContext shared;
    private final RequestRunner runner;
    private final HttpMetrics metrics;
    private final LongSupplier ticker;
    private final int maxBody;
    private volatile boolean leaving;

    /**
     * A dispatcher to {@code site}; {@code flow} is what there is for bodies and answers. {@code ticker} counts nanoseconds, and tells how
     * long requests take.
     */
    public Dispatcher(
            Tutti tutti,
            RequestBounds bounds,
            Site site,
            FlowControl flow,
            TrustedProxies proxies,
            LongSupplier ticker) {
        this.tutti = tutti;
        this.site = site;
        this.shared = new ExchangeContext(
                tutti.json(), flow, new Cors(bounds.origins()), proxies, flow.inbound(), bounds.patience());
        this.runner = new RequestRunner(
                tutti.json(), new Shares(bounds.most(), bounds.addressPercent(), 0), bounds.time(), tutti.meters());
        this.metrics = new HttpMetrics(tutti.meters());
        this.ticker = ticker;
        this.maxBody = bounds.body();
    }

    /** Ends the threads of the operator's routes. */
    public void close() {
        runner.close();
    }

    /** Asks clients to connect anew for their next request, from now on. */
    public void leave() {
        leaving = true;
    }

    /** Answers a request that can be understood as HTTP. */
    public void handle(HttpServerRequest request) {
        Context context = context();
        prepare(request);
        @Nullable ConnectionWatch watch = watch(request);
        Exchange exchange;
        try {
            check(request);
            exchange = new Exchange(request, context, RequestUri.parse(request.path(), request.query()), shared);
        } catch (TuttiException refused) {
            refuse(request, context, refused);
            return;
        }
        if (watch != null) {
            exchange.watchedBy(watch);
        }
        if (!hasBody(request)) {
            exchange.requestRead();
        }
        try {
            if (!shared.cors().apply(request)) {
                dispatch(exchange);
            }
        } catch (Throwable failure) {
            if (!Failures.guard(
                    "The answer to a request that failed", () -> exchange.fail(WireError.tellable(failure)))) {
                request.connection().close();
            }
        }
    }

    /** Answers bytes that are not HTTP, or too long. */
    public void handleInvalid(HttpServerRequest request) {
        prepare(request);
        Throwable cause = request.decoderResult().cause();
        boolean tooLong = cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException;
        refuse(
                request,
                context(),
                tooLong
                        ? new TuttiException(
                                ErrorCode.TOO_LARGE,
                                "the request's address or headers are too long, or there are more than "
                                        + StrictRequestDecoder.MOST_HEADERS + " headers")
                        : new TuttiException(ErrorCode.BAD_REQUEST, "the request is not HTTP/1.1"));
    }

    private void dispatch(Exchange exchange) {
        List<String> path = exchange.uri().segments();
        RouteTable.Match match = site.routes().find(path).orElse(null);
        if (match == null) {
            serveStatic(exchange);
            return;
        }
        exchange.segments(match.parameters());
        RouteTable.Route route = match.route();
        if (route.endpoint() != null) {
            route.endpoint().accept(exchange);
            return;
        }
        String method = method(exchange);
        String known = route.answering(method);
        RouteTable.Handling handling = route.methods().get(known);
        if (handling == null) {
            answerOtherMethod(exchange, route);
            return;
        }
        if (!SAFE.contains(method)) {
            exchange.requireSameSite();
        }
        time(exchange, route.pattern(), known);
        admit(exchange, match, handling);
    }

    private void serveStatic(Exchange exchange) {
        String method = method(exchange);
        if (method.equals("GET") || method.equals("HEAD")) {
            time(exchange, "assets", "GET");
            site.assets().serve(exchange);
        } else {
            throw new TuttiException(ErrorCode.NOT_FOUND, "there is nothing at this path");
        }
    }

    /** Tells which methods {@code route} has: the one that was asked with is none of them. */
    private static void answerOtherMethod(Exchange exchange, RouteTable.Route route) {
        exchange.request().response().putHeader(HttpHeaders.ALLOW, route.allowed());
        if (!method(exchange).equals("OPTIONS")) {
            throw new TuttiException(
                    ErrorCode.METHOD_NOT_ALLOWED, "this path can be asked with " + route.allowed() + " only");
        }
        exchange.send(204);
    }

    /** Lets a request in as its route says: charges it, takes its body or none, and has its handler run. */
    private void admit(Exchange exchange, RouteTable.Match match, RouteTable.Handling handling) {
        RequestHandler handler = handling.handler();
        switch (handling.admission()) {
            case ORDINARY -> {
                RequestCharge charge = charge(exchange);
                exchange.body(maxBody, body -> {
                    RouteRequest request = request(exchange, match, body, null, charge::identified);
                    runner.run(exchange, handler, request, charge);
                });
            }
            case STREAMING -> {
                RequestCharge charge = charge(exchange);
                exchange.stream(body -> {
                    RouteRequest request = request(exchange, match, Buffer.buffer(), body, charge::identified);
                    runner.runStreaming(exchange, handler, request, charge);
                });
            }
            case OPERATOR -> {
                exchange.operators();
                exchange.body(0, body -> {
                    RouteRequest request = request(exchange, match, body, null, _ -> {});
                    runner.runApart(match.route().pattern(), exchange, handler, request);
                });
            }
        }
    }

    /** The charge of a request that the limits have room for as far as is known, before a byte of the body is read. */
    private RequestCharge charge(Exchange exchange) {
        RequestCharge charge =
                site.limits().charge(method(exchange), exchange.uri().segments(), exchange.address());
        Optional<TuttiException> refusal = charge.refusal();
        if (refusal.isPresent()) {
            charge.tell(exchange.request().response());
            throw refusal.get();
        }
        return charge;
    }

    private RouteRequest request(
            Exchange exchange,
            RouteTable.Match match,
            Buffer body,
            @Nullable InputStream stream,
            Consumer<Principal> identified) {
        return new RouteRequest(
                method(exchange),
                exchange.uri().path(),
                exchange.handshake(),
                match.parameters(),
                body,
                stream,
                maxBody,
                exchange.room()::take,
                tutti.json(),
                identified,
                null);
    }

    private static String method(Exchange exchange) {
        return exchange.request().method().name();
    }

    private void time(Exchange exchange, String route, String method) {
        long start = ticker.getAsLong();
        exchange.atEnd(() -> metrics.answered(
                route, method, exchange.request().response().getStatusCode(), ticker.getAsLong() - start));
    }

    private void prepare(HttpServerRequest request) {
        request.response()
                .putHeader("X-Instance-Id", tutti.instance().value())
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "same-origin");
        if (leaving) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    private static void check(HttpServerRequest request) {
        for (CharSequence name : SINGLE) {
            if (request.headers().getAll(name).size() > 1) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "the header " + name + " is there more than once");
            }
        }
        if (request.version() == HttpVersion.HTTP_1_1 && !request.headers().contains(HttpHeaders.HOST)) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "the header Host is missing");
        }
    }

    /** Answers without looking at the rest of the request, after which the connection cannot be used again. */
    private void refuse(HttpServerRequest request, Context context, TuttiException reason) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        Exchange exchange = new Exchange(request, context, new RequestUri(List.of(), Map.of()), shared);
        exchange.fail(reason);
        var _ = exchange.later(BodyReader.LINGER, () -> request.connection().close());
    }

    private static Context context() {
        return Objects.requireNonNull(Vertx.currentContext(), "requests come on an event loop");
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return (length != null && !length.equals("0")) || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    private static @Nullable ConnectionWatch watch(HttpServerRequest request) {
        return ((ConnectionBase) request.connection())
                .channelHandlerContext()
                .pipeline()
                .get(ConnectionWatch.class);
    }
}
