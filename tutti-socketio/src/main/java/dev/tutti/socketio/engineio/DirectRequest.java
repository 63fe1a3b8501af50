package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.edge.http.Exchange;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EngineEncoder;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A request that came over HTTP to this instance. It lives on its connection's event loop. */
final class DirectRequest implements EngineRequest {
    private static final int LONGEST_ID = 64;
    private static final byte[] OK = {'o', 'k'};
    private static final byte[] SEPARATOR = {EngineEncoder.SEPARATOR};
    private static final String PLAIN = "text/plain; charset=UTF-8";
    private static final int TOO_LARGE = ErrorCode.TOO_LARGE.httpStatus();

    private final Exchange exchange;
    private final Clock clock;
    private final EventLoop loop;

    DirectRequest(Exchange exchange, Clock clock) {
        this.exchange = exchange;
        this.clock = clock;
        this.loop = ((HttpServerRequestInternal) exchange.request()).context().nettyEventLoop();
    }

    /** The request; only on its event loop. */
    Exchange exchange() {
        return exchange;
    }

    /** The event loop of the request's connection. */
    EventLoop loop() {
        return loop;
    }

    @Override
    public String id() {
        String id = exchange.uri().query().getOrDefault("t", "");
        return id.length() <= LONGEST_ID && !isTime(id) ? id : "";
    }

    /** Whether {@code id} is what a clock showed, of which requests may share one: digits alone, or milliseconds in base 36. */
    private boolean isTime(String id) {
        if (id.chars().noneMatch(Character::isLetter)) {
            return true;
        }
        try {
            return Math.abs(Long.parseLong(id, 36) - clock.millis())
                    < Duration.ofDays(1).toMillis();
        } catch (NumberFormatException another) {
            return false;
        }
    }

    @Override
    public void waits() {
        exchange.onLoop(exchange::lasts);
    }

    @Override
    public void settle() {
        // from its answer on, a connection that breaks is the client's
    }

    @Override
    public void payload(List<byte[]> parts, boolean confirm, EventLoop session, Runnable written, Runnable taken) {
        Buffer body = payload(parts);
        exchange.onLoop(() -> answer(body, exchange::sendCounted).onComplete(_ -> EventLoops.now(session, taken)));
        EventLoops.now(session, written);
    }

    /** 200, with packets in their polling form; {@code written} is told whether the connection took them. */
    void payload(List<byte[]> parts, Consumer<Boolean> written) {
        Buffer body = payload(parts);
        exchange.onLoop(() -> {
            if (exchange.admits(body.length())) {
                answer(body, exchange::send).onComplete(result -> written.accept(result.succeeded()));
            } else {
                written.accept(false);
            }
        });
    }

    private static Buffer payload(List<byte[]> parts) {
        byte[][] pieces = new byte[parts.size() * 2 - 1][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = i % 2 == 0 ? parts.get(i / 2) : SEPARATOR;
        }
        return BufferInternal.buffer(Unpooled.wrappedBuffer(pieces));
    }

    @Override
    public void ok() {
        exchange.onLoop(() -> answer(Buffer.buffer(OK), exchange::send));
    }

    private Future<Void> answer(Buffer body, Sending by) {
        if (exchange.answerable()) {
            exchange.request().response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        }
        return by.send(200, PLAIN, body);
    }

    /** One of the ways to answer. */
    @FunctionalInterface
    private interface Sending {
        Future<Void> send(int status, String contentType, Buffer body);
    }

    @Override
    public void refuse(Refusal refusal) {
        exchange.onLoop(() -> {
            exchange.request().resume(); // it may have been paused, and others may come behind it
            exchange.send(refusal.status(), "application/json", Buffer.buffer(refusal.json()));
        });
    }

    /** Whether its body is encoded, with gzip for example: packets never are. */
    boolean isEncoded() {
        return exchange.request().headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("identity"));
    }

    /** 415, in the form of a refusal; nothing of the body is taken, so the session goes on as if it had not come. */
    void refuseEncoding() {
        exchange.send(
                ErrorCode.UNSUPPORTED.httpStatus(),
                "application/json",
                Buffer.buffer("{\"code\":" + Refusal.BAD_REQUEST.number()
                        + ",\"message\":\"Unsupported content encoding\"}"));
    }

    @Override
    public void atEnd(EventLoop session, Runnable task) {
        exchange.onLoop(() -> exchange.atEnd(() -> EventLoops.now(session, task)));
    }

    /** Whether it says that its body has at most {@code bytes}. */
    boolean hasAtMost(int bytes) {
        String length = exchange.request().headers().get(HttpHeaders.CONTENT_LENGTH);
        try {
            return length != null && Long.parseLong(length.strip()) <= bytes;
        } catch (NumberFormatException unclear) {
            return false;
        }
    }

    /** Reads the body on this request's loop; {@code ended} is told at the end, whether it had been too large. */
    void body(int most, Consumer<Slice> then, Consumer<Boolean> ended) {
        exchange.atEnd(() -> ended.accept(exchange.request().response().getStatusCode() == TOO_LARGE));
        exchange.body(most, body -> then.accept(Slice.of(body.getBytes())), this::refuseBody);
    }

    /** As Engine.IO does: one that is too large gets no more than the status. */
    private void refuseBody(TuttiException reason) {
        if (reason.code() == ErrorCode.TOO_LARGE) {
            exchange.send(TOO_LARGE);
        } else {
            exchange.fail(reason);
        }
    }
}
