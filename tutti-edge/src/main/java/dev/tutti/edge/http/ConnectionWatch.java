package dev.tutti.edge.http;

import dev.tutti.edge.flow.Heartbeats;
import dev.tutti.edge.flow.Registration;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an HTTP connection from being held for nothing: a request must be there, whole, within a time from its first byte,
 * however it trickles in, and a connection without a request is closed after a while. Looks at the clock once a second.
 * Confined to its event loop; leaves the pipeline with the rest of HTTP when the connection becomes a WebSocket.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
    /** How often it looks. */
    static final Duration PACE = Duration.ofSeconds(1);

    private enum Phase {
        IDLE,
        READING,
        ANSWERING
    }

    private final Heartbeats pace;
    private final Duration request;
    private final Duration idle;
    private final byte[] timedOut;
    private final Runnable gone;
    private @Nullable Registration registration;
    private @Nullable ChannelHandlerContext context;
    private Phase phase = Phase.READING; // who connects means to ask
    private boolean heard;
    private long since = System.nanoTime();

    ConnectionWatch(Heartbeats pace, Duration request, Duration idle, byte[] timedOut, Runnable gone) {
        this.pace = pace;
        this.request = request;
        this.idle = idle;
        this.timedOut = timedOut;
        this.gone = gone;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        registration = pace.add(ctx.channel().eventLoop(), this::look);
        ctx.channel().closeFuture().addListener(_ -> {
            gone.run();
            unregister();
        });
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        context = null; // it would keep the pipeline as it was, with all of HTTP, for as long as the connection lasts
        unregister();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        heard = true;
        if (phase == Phase.IDLE) {
            enter(Phase.READING);
        }
        ctx.fireChannelRead(message);
    }

    /** The request has been read whole; the time that its answer takes is not the client's. */
    void requestRead() {
        phase = Phase.ANSWERING;
    }

    /** The answer was given. */
    void answered() {
        enter(Phase.IDLE);
    }

    private void enter(Phase next) {
        phase = next;
        since = System.nanoTime();
    }

    private void look() {
        ChannelHandlerContext here = context;
        if (here == null) {
            return;
        }
        long waited = System.nanoTime() - since;
        switch (phase) {
            case READING -> {
                if (waited > request.toNanos() && !heard) {
                    var _ = here.close();
                } else if (waited > request.toNanos()) {
                    here.writeAndFlush(Unpooled.wrappedBuffer(timedOut)).addListener(ChannelFutureListener.CLOSE);
                }
            }
            case IDLE -> {
                if (waited > idle.toNanos()) {
                    var _ = here.close();
                }
            }
            case ANSWERING -> {}
        }
    }

    private void unregister() {
        Registration registered = registration;
        if (registered != null) {
            registered.close();
        }
    }

    /** An answer for a request that never came, as bytes, because there is nothing yet that HTTP could answer. */
    static byte[] timedOut(String instance, String json) {
        return ("HTTP/1.1 408 Request Timeout\r\nX-Instance-Id: " + instance
                        + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + json.length()
                        + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
