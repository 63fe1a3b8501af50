package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.Handle;
import dev.tutti.edge.flow.Heartbeats;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an HTTP connection from being held for nothing: a request must begin soon, be there, whole, within a time from its
 * first byte, however it trickles in, a client that takes nothing of its answer for thrice as long is cut off, and a connection
 * without a request is closed after a while. Looks at the clock once a second. A client may end its side behind its requests
 * (RFC 9112, section 9.6): it gets the answers, then the connection is closed. Confined to its event loop; leaves the pipeline
 * with the rest of HTTP when the connection becomes a WebSocket.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
    /** How often it looks. */
    static final Duration PACE = Duration.ofSeconds(1);

    private static final Duration LINGER = Duration.ofMillis(20);

    /** The system says that something was taken only when a third of what it holds was: that may take a slow client a while. */
    private static final int STALLED = 3; // times the time of a request

    private enum Phase {
        IDLE,
        READING,
        ANSWERING
    }

    private final Heartbeats pace;
    private final ConnectionTimes times;
    private final FlowMetrics metrics;
    private final LongSupplier ticker;
    private final byte[] timedOut;
    private final WriteProgress progress = new WriteProgress();
    private @Nullable Handle registration;
    private @Nullable ChannelHandlerContext context;
    private Phase phase = Phase.READING; // who connects means to ask
    private boolean heard;
    private boolean lasts; // what is answered now waits for something to say, or has no end
    private @Nullable Runnable clientEnd; // of the request that is being answered
    private int requests;
    private int answers;
    private boolean ended; // by the client, which may still read
    private long since;

    ConnectionWatch(Heartbeats pace, ConnectionTimes times, FlowMetrics metrics, LongSupplier ticker, byte[] timedOut) {
        this.pace = pace;
        this.times = times;
        this.metrics = metrics;
        this.ticker = ticker;
        this.timedOut = timedOut;
        this.since = ticker.getAsLong();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        registration = pace.add(ctx.channel().eventLoop(), this::look);
        ctx.channel().closeFuture().addListener(_ -> unregister());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
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

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ended = true;
            if (clientEnd != null) {
                clientEnd.run();
            }
            if (phase != Phase.ANSWERING) {
                closeSoon();
            } else if (lasts) {
                var _ = ctx.close(); // with its client
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    /** A request has begun; one that came behind another is looked at when that has been answered, and has its time from then on. */
    void begun() {
        requests++;
        lasts = false;
        if (phase != Phase.READING) {
            enter(Phase.READING);
        }
    }

    /** The answer waits until there is something to say, as a poll's, or has no end: from now on it ends with its client's side. */
    void lasts() {
        lasts = true;
        ChannelHandlerContext here = context;
        if (ended && here != null) {
            var _ = here.close();
        }
    }

    /** The request has been read whole; the time that its answer takes is not the client's. */
    void requestRead() {
        phase = Phase.ANSWERING;
    }

    /** The body is read while the request is answered: {@code task} is run if the client ends its side meanwhile. */
    void onClientEnd(Runnable task) {
        clientEnd = task;
    }

    /** The answer was given. */
    void answered() {
        answers++;
        clientEnd = null;
        if (answers < requests) {
            return; // the next one has begun before this was told
        }
        enter(Phase.IDLE);
        if (ended) {
            closeSoon();
        }
    }

    /** Closes unless there are more requests that came before the client ended its side. */
    private void closeSoon() {
        ChannelHandlerContext here = context;
        int last = requests;
        if (here != null) {
            var _ = here.executor().schedule(() -> closeBehind(last), LINGER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void closeBehind(int last) {
        ChannelHandlerContext here = context;
        if (requests == last && phase != Phase.ANSWERING && here != null) {
            here.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void enter(Phase next) {
        phase = next;
        since = ticker.getAsLong();
    }

    private void look() {
        ChannelHandlerContext here = context;
        if (here == null) {
            return;
        }
        long now = ticker.getAsLong();
        Channel channel = here.channel();
        if (isStalled(channel, now)) {
            metrics.refused(ErrorCode.SLOW_CONSUMER);
            channel.unsafe().close(channel.voidPromise()); // at once: what is still to be written would not be taken
            return;
        }
        long waited = now - since;
        switch (phase) {
            case READING -> {
                boolean late = waited > times.request().toNanos();
                if (!heard && (late || waited > times.first().toNanos())) {
                    var _ = here.close();
                } else if (late) {
                    here.writeAndFlush(Unpooled.wrappedBuffer(timedOut)).addListener(ChannelFutureListener.CLOSE);
                }
            }
            case IDLE -> {
                if (waited > times.idle().toNanos()) {
                    var _ = here.close();
                }
            }
            case ANSWERING -> {}
        }
    }

    /** Whether the client has taken nothing of its answer for too long; an event stream sees to its slow readers itself. */
    private boolean isStalled(Channel channel, long now) {
        boolean own = phase == Phase.ANSWERING && lasts;
        return progress.stalled(own ? null : channel.unsafe().outboundBuffer(), now)
                > STALLED * times.request().toNanos();
    }

    private void unregister() {
        Handle registered = registration;
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
