package dev.tutti.edge.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.protocol.Slice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import org.jspecify.annotations.Nullable;

/** Reads the body of a POST, bounded, on its connection's event loop, and takes it to the session's loop. */
final class PostBody {
    private final Exchange exchange;
    private final EngineSession session;
    private final int maxBytes;
    private final ByteBuf body = Unpooled.buffer(0);
    private boolean done;

    private PostBody(Exchange exchange, EngineSession session, int maxBytes) {
        this.exchange = exchange;
        this.session = session;
        this.maxBytes = maxBytes;
    }

    /** Begins to read. What is too large is not read. */
    static void read(Exchange exchange, EngineSession session, int maxBytes) {
        HttpServerRequest request = exchange.request();
        PostBody body = new PostBody(exchange, session, maxBytes);
        if (declared(request) > maxBytes) {
            body.tooLarge();
            return;
        }
        request.pause();
        request.handler(body::chunk);
        request.endHandler(_ -> body.end());
        request.exceptionHandler(_ -> body.failed());
        EngineServer.onLoop(session.loop(), () -> {
            if (session.mayPost(exchange)) {
                EngineServer.onLoop(exchange.loop(), request::resume);
            }
        });
    }

    private static long declared(HttpServerRequest request) {
        @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException malformed) {
            return Long.MAX_VALUE;
        }
    }

    private void chunk(Buffer chunk) {
        if (done) {
            return;
        }
        if (body.readableBytes() + chunk.length() > maxBytes) {
            tooLarge();
        } else {
            body.writeBytes(((BufferInternal) chunk).getByteBuf());
        }
    }

    private void end() {
        if (!done) {
            done = true;
            Slice whole = Slice.of(ByteBufUtil.getBytes(body, 0, body.readableBytes(), false));
            EngineServer.onLoop(session.loop(), () -> session.post(exchange, whole));
        }
    }

    private void tooLarge() {
        done = true;
        exchange.request().response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        exchange.refuse(ErrorCode.TOO_LARGE, 3, "a request body may have " + maxBytes + " bytes");
        EngineServer.onLoop(
                session.loop(), () -> session.postFailed(ErrorCode.TOO_LARGE, "a request body is too large"));
    }

    private void failed() {
        if (!done) {
            done = true;
            EngineServer.onLoop(session.loop(), () -> session.postFailed(ErrorCode.BAD_REQUEST, "a request broke off"));
        }
    }
}
