package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.Shares;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.edge.flow.OutboundBudget;
import dev.tutti.edge.flow.WireError;
import dev.tutti.socket.Handshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Confined to the request's event loop, but for {@link #onLoop}. The common headers are set
 * already. It is answered once; what comes later is dropped, because the client may have gone, or a time-out may have been
 * faster.
 */
public final class Exchange {
    private final HttpServerRequest request;
    private final Context context;
    private final RequestUri uri;
    private final ExchangeContext shared;
    private final List<Runnable> atEnd = new ArrayList<>(2);
    private Map<String, String> segments = Map.of();
    private @Nullable ConnectionWatch watch;
    private @Nullable StreamedBody streamed;
    private @Nullable BodyRoom room;
    private boolean operators;
    private boolean over;

    Exchange(HttpServerRequest request, Context context, RequestUri uri, ExchangeContext shared) {
        this.request = request;
        this.context = context;
        this.uri = uri;
        this.shared = shared;
        request.response().endHandler(_ -> end()).closeHandler(_ -> end());
    }

    /** The request as Vert.x has it. */
    public HttpServerRequest request() {
        return request;
    }

    /** Path and query, decoded. */
    public RequestUri uri() {
        return uri;
    }

    /** The segment that stands for {@code :name} in the route, decoded. */
    public String segment(String name) {
        String value = segments.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no segment :" + name);
        }
        return value;
    }

    /** Where the request came from: the client's address, as far as it is known. */
    public String address() {
        return Handshakes.address(request, shared.proxies());
    }

    /** Address, headers, query. */
    public Handshake handshake() {
        return Handshakes.of(request, uri, shared.proxies());
    }

    /**
     * Checks that a request which brings cookies comes from a page of this server, or of an allowed origin.
     *
     * @return its handshake
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it does not
     */
    public Handshake requireSameSite() {
        Handshake handshake = handshake();
        SameSite.require(handshake, shared.cors());
        return handshake;
    }

    /** Reads the body, at most {@code most} bytes; if that fails, the request is refused and {@code then} is not called. */
    public void body(int most, Consumer<Buffer> then) {
        body(most, then, this::fail);
    }

    /** As above, where {@code refuse} answers a request whose body is not taken. */
    public void body(int most, Consumer<Buffer> then, Consumer<TuttiException> refuse) {
        new BodyReader(this, most, then, refuse).read();
    }

    /** Gives {@code then} the body to be read as it comes; if there is too much of that, the request is refused. */
    void stream(Consumer<StreamedBody> then) {
        Shares.Part held = held(StreamedBody.holds(request)).orElse(null);
        if (held == null) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            fail(BodyReader.overloaded());
            var _ = later(BodyReader.LINGER, () -> request.connection().close());
            return;
        }
        StreamedBody body = new StreamedBody(this, held, shared.patience());
        streamed = body;
        requestRead(); // from now on the body has its own watch
        if (watch != null) {
            watch.onClientEnd(body::clientEnded);
        }
        body.begin();
        then.accept(body);
    }

    /** A part of what there is for bodies, of which the address has a share. Safe from any thread. */
    Optional<Shares.Part> held(int bytes) {
        return shared.inbound().take(NetworkAddress.holder(address()), false, bytes);
    }

    /** The room of the request among all bodies that are held. */
    BodyRoom room() {
        BodyRoom known = room;
        if (known == null) {
            known = new BodyRoom(this::held);
            room = known;
        }
        return known;
    }

    /** How long a client may take for nothing. */
    Duration patience() {
        return shared.patience();
    }

    /** Runs {@code task} on the event loop. Safe from any thread. */
    public void onLoop(Runnable task) {
        context.runOnContext(_ -> task.run());
    }

    /** Answers with JSON. */
    public void json(int status, Object body) {
        send(status, "application/json", Buffer.buffer(shared.json().bytes(body)));
    }

    /**
     * Whether an answer of {@code bytes} may wait to be sent on this event loop. If not, this is answered with {@link
     * ErrorCode#OVERLOADED}; a client that has not read what it was answered before is disconnected, as slow readers are.
     */
    public boolean admits(int bytes) {
        Channel channel = channel();
        if (operators || shared.flow().budget(channel.eventLoop()).takes(holder(), bytes)) {
            return true;
        }
        ChannelOutboundBuffer unread = channel.unsafe().outboundBuffer();
        if (unread != null && unread.totalPendingWriteBytes() > 0) {
            shared.flow().metrics().refused(ErrorCode.SLOW_CONSUMER);
            channel.unsafe().close(channel.voidPromise());
        } else {
            fail(new TuttiException(
                    ErrorCode.OVERLOADED, "too much waits to be sent to clients", Duration.ofSeconds(1)));
        }
        return false;
    }

    /**
     * Answers with {@code body} of {@code contentType}, which counts as waiting to be sent until the connection took it; what is
     * returned succeeds then.
     */
    public Future<Void> send(int status, String contentType, Buffer body) {
        EventLoop loop = channel().eventLoop();
        OutboundBudget budget = shared.flow().budget(loop);
        String holder = holder();
        int bytes = body.length();
        Future<Void> written = sendCounted(status, contentType, body);
        budget.answer(holder, bytes);
        return written.onComplete(_ -> EventLoops.now(loop, () -> budget.answer(holder, -bytes)));
    }

    private String holder() {
        return NetworkAddress.holder(address());
    }

    /** As {@link #send(int, String, Buffer)}, for what somebody else counts. */
    public Future<Void> sendCounted(int status, String contentType, Buffer body) {
        HttpServerResponse response = request.response();
        if (!answerable()) {
            return Future.failedFuture("it was answered, or the client has gone");
        }
        leaveBody();
        response.setStatusCode(status);
        if (!response.headers().contains(HttpHeaders.CONTENT_TYPE)) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            return response.end();
        }
        return response.end(body);
    }

    /** Answers without a body. */
    public void send(int status) {
        if (answerable()) {
            leaveBody();
            request.response().setStatusCode(status).end();
        }
    }

    /** Begins an answer whose body of {@code length} bytes is sent by and by; false if there is none to answer. */
    boolean head(int status, String contentType, long length) {
        if (!answerable()) {
            return false;
        }
        leaveBody();
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        return true;
    }

    private void leaveBody() {
        StreamedBody body = streamed;
        if (body != null) {
            body.answered();
        }
    }

    /** Answers with an error, and counts it. */
    public void fail(TuttiException failure) {
        if (!answerable()) {
            return;
        }
        shared.flow().metrics().refused(failure.code());
        failure.retryAfter()
                .ifPresent(pause -> request.response()
                        .putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, pause.toSeconds()))));
        json(failure.code().httpStatus(), WireError.of(failure));
    }

    /** Whether nothing was answered yet, and the client is there. */
    public boolean answerable() {
        HttpServerResponse response = request.response();
        return !response.headWritten() && !response.ended() && !response.closed();
    }

    /** Runs {@code task} on the event loop when the TCP connection has ended, whatever it had become by then. */
    public void atDisconnect(Runnable task) {
        channel().closeFuture().addListener(_ -> task.run());
    }

    /** The TCP connection, for those who write to it themselves. */
    public Channel channel() {
        return ((ConnectionBase) request.connection()).channelHandlerContext().channel();
    }

    /** Runs {@code task} when the answer has been given, or the client has gone. */
    public void atEnd(Runnable task) {
        if (over) {
            task.run();
        } else {
            atEnd.add(task);
        }
    }

    /** Runs {@code task} on the event loop after a while; what is returned keeps it from that. */
    Runnable later(Duration pause, Runnable task) {
        long timer = context.owner().setTimer(pause.toMillis(), _ -> task.run());
        return () -> context.owner().cancelTimer(timer);
    }

    void watchedBy(ConnectionWatch connection) {
        watch = connection;
        connection.begun();
        atEnd(connection::answered);
    }

    /**
     * The answer waits until there is something to say, or has no end: from now on the request ends with its client, also where that
     * has ended its side alone. A client that does so behind any other request gets the answer (RFC 9112, section 9.6).
     */
    public void lasts() {
        if (watch != null && !over) {
            watch.lasts();
        }
    }

    /** The request has been read to its end. */
    void requestRead() {
        if (watch != null) {
            watch.requestRead();
        }
    }

    /** It is of an operator, who is answered whatever waits to be sent. */
    void operators() {
        operators = true;
    }

    void segments(Map<String, String> found) {
        segments = found;
    }

    private void end() {
        if (!over) {
            over = true;
            atEnd.forEach(task -> Failures.guard("What follows an answer", task)); // each gives something back
        }
    }
}
