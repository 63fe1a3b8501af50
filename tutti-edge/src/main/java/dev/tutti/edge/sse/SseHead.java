package dev.tutti.edge.sse;

import dev.tutti.edge.flow.FlowControl;
import dev.tutti.edge.flow.Outbox;
import dev.tutti.edge.http.Exchange;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The beginning and the end of an event stream's HTTP answer. Stateless. */
final class SseHead {
    private SseHead() {}

    /** Sends the answer's head through HTTP's encoder, and gives an outbox that writes behind it. */
    static Outbox send(Exchange exchange, FlowControl flow, Outbox.Owner owner) {
        boolean chunked = exchange.request().version() != HttpVersion.HTTP_1_0;
        if (!chunked) {
            exchange.channel().pipeline().addAfter("httpEncoder", "unchunked-head", new ChunkRemover());
        }
        exchange.request()
                .response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no") // asks nginx not to hold events back
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .setChunked(true)
                .writeHead();
        ChannelHandlerContext encoder =
                Objects.requireNonNull(exchange.channel().pipeline().context("httpEncoder"), "HTTP/1.1 has an encoder");
        if (!chunked) {
            exchange.channel().pipeline().addBefore("httpEncoder", "unchunked", new ChunkRemover());
        }
        Outbox outbox = flow.outbox(encoder, owner);
        exchange.channel().pipeline().addBefore("handler", "outbox", outbox);
        outbox.write(SseBlocks.comment(exchange.channel().alloc()), 0);
        return outbox;
    }

    /** Closes the connection when all is written, at the latest after {@code bound}. */
    static void endAfter(Channel channel, Duration bound) {
        ChannelHandlerContext encoder = channel.pipeline().context("httpEncoder");
        if (encoder == null) {
            var _ = channel.close();
            return;
        }
        encoder.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> channel.unsafe().close(channel.voidPromise()));
        var late = channel.eventLoop()
                .schedule(() -> channel.unsafe().close(channel.voidPromise()), bound.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> late.cancel(false));
    }
}
