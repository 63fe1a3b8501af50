package dev.tutti.edge.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.flow.WireError;
import dev.tutti.edge.http.Exchange;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EngineEncoder;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.util.List;
import java.util.Map;

/** One HTTP request of a client, to be answered once, from any thread; it lives on its connection's event loop. */
final class EngineRequest {
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
    private static final int TOO_LARGE = ErrorCode.TOO_LARGE.httpStatus();

    private final Exchange exchange;
    private final EventLoop loop;

    EngineRequest(Exchange exchange) {
        this.exchange = exchange;
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

    /** 200, with packets in their polling form. */
    void payload(List<byte[]> parts) {
        byte[][] pieces = new byte[parts.size() * 2 - 1][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = i % 2 == 0 ? parts.get(i / 2) : SEPARATOR;
        }
        answer(BufferInternal.buffer(Unpooled.wrappedBuffer(pieces)));
    }

    /** 200, with what Engine.IO says to a request that brought packets. */
    void ok() {
        answer(Buffer.buffer(OK));
    }

    private void answer(Buffer body) {
        exchange.onLoop(() -> {
            exchange.request().response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            exchange.send(200, PLAIN, body);
        });
    }

    /** 400, as Engine.IO says it, and as we do. */
    void refuse(Refusal refusal) {
        Map<String, Object> error = WireError.fields(new TuttiException(ErrorCode.BAD_REQUEST, refusal.text));
        Map<String, Object> body = Map.of("code", refusal.number, "message", refusal.text, "error", error);
        exchange.onLoop(() -> exchange.json(ErrorCode.BAD_REQUEST.httpStatus(), body));
    }

    /** Runs {@code task} on {@code session}'s loop when this was answered, or the client has gone. */
    void atEnd(EngineSession session, Runnable task) {
        exchange.onLoop(() -> exchange.atEnd(() -> EngineServer.onLoop(session.loop(), task)));
    }

    /** Takes the body, bounded, to {@code session}. Begun on this request's loop. */
    void post(EngineSession session) {
        exchange.request().pause();
        EngineServer.onLoop(session.loop(), () -> {
            if (session.mayPost(this)) {
                exchange.onLoop(() -> read(session));
            }
        });
    }

    private void read(EngineSession session) {
        exchange.atEnd(() -> {
            boolean tooLarge = exchange.request().response().getStatusCode() == TOO_LARGE;
            EngineServer.onLoop(session.loop(), () -> session.postEnded(this, tooLarge));
        });
        exchange.body(session.settings().maxPayload(), body -> {
            Slice payload = Slice.of(body.getBytes());
            EngineServer.onLoop(session.loop(), () -> session.post(this, payload));
        });
    }
}
