package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.socket.DisconnectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open WebSocket: puts messages together, answers pings, does the closing handshake. Confined to its event loop, except
 * for {@link #close}, {@link #pause} and {@link #resume}, which are safe from any thread.
 *
 * <p>It replaces the HTTP handler in the pipeline, so that an idle connection keeps nothing of its HTTP request, and it
 * writes frames that are encoded already, so that one buffer serves many connections.
 */
public final class WebSocketLink extends ChannelInboundHandlerAdapter implements Outbox.Owner {
    /** What a protocol over WebSockets does with one; called on the event loop. Buffers are only valid within the call. */
    public interface Listener {
        /** A text message, valid UTF-8. */
        void onText(ByteBuf utf8);

        /** A binary message. */
        void onBinary(ByteBuf bytes);

        /** What waited to be written fell below the low mark, after the outbox had not been ready. */
        void onDrained();

        /** The connection ends, or is gone; nothing else is called behind this. Called once. */
        void onClosed(DisconnectReason reason);
    }

    private static final Logger log = LoggerFactory.getLogger(WebSocketLink.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Flow flow;
    private final int maxMessageBytes;
    private final Function<WebSocketLink, Listener> open;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Outbox outbox;
    private @Nullable Listener listener;
    private @Nullable ByteBuf fragments;
    private boolean fragmentsAreText;
    private boolean heard = true;
    private boolean closing;
    private int pauses;

    WebSocketLink(Flow flow, int maxMessageBytes, Function<WebSocketLink, Listener> open) {
        this.flow = flow;
        this.maxMessageBytes = maxMessageBytes;
        this.open = open;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        outbox = flow.outbox(ctx, this);
        listener = open.apply(this);
        if (!ctx.channel().isActive()) {
            channelInactive(ctx); // nobody else would tell
        }
    }

    /** Where messages go out. */
    public Outbox outbox() {
        return present(outbox);
    }

    /** The connection, with its event loop and allocator. */
    public Channel channel() {
        return present(context).channel();
    }

    /** Sends a text message. */
    public boolean text(String text) {
        return outbox().write(Frames.text(channel().alloc(), text));
    }

    /** Sends a text message that is UTF-8 already. */
    public boolean text(byte[] utf8) {
        return outbox().write(Frames.text(channel().alloc(), utf8));
    }

    /**
     * Sends a ping, and closes with {@link ErrorCode#PING_TIMEOUT} if nothing at all was heard since the last call. To be
     * called at the pace of pings.
     */
    public void ping() {
        if (!heard) {
            close(ErrorCode.PING_TIMEOUT, "nothing was heard since the last ping");
        } else if (!closing) {
            heard = false;
            outbox().write(Frames.ping(channel().alloc()));
        }
    }

    /** Closes with {@code code} as close code; counted as a refusal. Idempotent; the first one tells. */
    public void close(ErrorCode code, String reason) {
        onLoop(() -> {
            if (!closing) {
                flow.metrics().refused(code);
                closeWith(code.number(), reason, reasonOf(code));
            }
        });
    }

    /**
     * Ends behind what was written, without a close frame, as a connection that breaks: for clients that are to come back at
     * once, and would take a close frame for the beginning of a long wait. Counted as a refusal. Idempotent.
     */
    public void hangUp(ErrorCode code) {
        onLoop(() -> {
            if (!closing) {
                flow.metrics().refused(code);
                begin(reasonOf(code));
                outbox().close();
                present(context).writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
                closeLater();
            }
        });
    }

    /** Closes normally, because the application says so. Idempotent. */
    public void close() {
        onLoop(() -> closeWith(WebSocketCloseStatus.NORMAL_CLOSURE.code(), "", DisconnectReason.SERVER));
    }

    /**
     * Reads no more from the client until {@link #resume} was called as often as this. Messages that were received
     * already, one read's worth, still come.
     */
    public void pause() {
        onLoop(() -> {
            pauses++;
            channel().config().setAutoRead(false);
        });
    }

    /** Takes one {@link #pause} back. */
    public void resume() {
        onLoop(() -> {
            pauses--;
            if (pauses == 0) {
                channel().config().setAutoRead(true);
            }
        });
    }

    /** Reads no more for {@code time}. */
    public void pause(Duration time) {
        pause();
        var _ = channel().eventLoop().schedule(this::resume, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof WebSocketFrame frame) {
            heard = true;
            try {
                received(frame);
            } finally {
                frame.release();
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void received(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            peerCloses(close);
        } else if (closing) {
            return; // we have said good-bye; what was under way is not heard any more
        } else if (frame instanceof PingWebSocketFrame) {
            outbox().write(Frames.pong(channel().alloc(), frame.content()));
        } else if (frame instanceof PongWebSocketFrame) {
            return; // that something was heard is noted
        } else if (frame.isFinalFragment() && !(frame instanceof ContinuationWebSocketFrame)) {
            message(frame.content(), frame instanceof TextWebSocketFrame);
        } else {
            fragment(frame);
        }
    }

    /** The decoder has checked that fragments come in an order that makes sense. */
    private void fragment(WebSocketFrame frame) {
        ByteBuf whole = fragments;
        if (whole == null) {
            whole = channel().alloc().buffer(frame.content().readableBytes());
            fragments = whole;
            fragmentsAreText = !(frame instanceof BinaryWebSocketFrame);
        }
        if (whole.readableBytes() + frame.content().readableBytes() > maxMessageBytes) {
            close(ErrorCode.TOO_LARGE, "a message has more than " + maxMessageBytes + " bytes");
            return;
        }
        whole.writeBytes(frame.content());
        if (frame.isFinalFragment()) {
            fragments = null;
            try {
                message(whole, fragmentsAreText);
            } finally {
                whole.release();
            }
        }
    }

    private void message(ByteBuf message, boolean text) {
        flow.metrics().received(message.readableBytes());
        if (!text) {
            present(listener).onBinary(message);
        } else if (ByteBufUtil.isText(message, StandardCharsets.UTF_8)) {
            present(listener).onText(message);
        } else {
            close(ErrorCode.PROTOCOL_ERROR, "a text message is not UTF-8");
        }
    }

    private void peerCloses(CloseWebSocketFrame frame) {
        if (!closing) {
            int code = frame.statusCode();
            begin(DisconnectReason.CLIENT);
            outbox().writeLast(Frames.close(channel().alloc(), code < 0 ? 1000 : code, ""));
        }
        // behind what was written before
        present(context).writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        closeLater();
    }

    private void closeWith(int code, String reason, DisconnectReason why) {
        if (closing) {
            return;
        }
        begin(why);
        outbox().writeLast(Frames.close(channel().alloc(), code, reason));
        // read on, so that the client's own close frame is seen
        channel().config().setAutoRead(true);
        closeLater();
    }

    private void begin(DisconnectReason why) {
        closing = true;
        releaseFragments();
        present(listener).onClosed(why);
    }

    private void closeLater() {
        Channel channel = channel();
        var timeout = channel.eventLoop().schedule(this::cut, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> timeout.cancel(false));
    }

    private void cut() {
        var _ = channel().close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        outbox().close();
        if (!closing) {
            begin(DisconnectReason.TRANSPORT_CLOSED);
        }
        releaseFragments();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case CorruptedWebSocketFrameException corrupt
            when corrupt.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG) ->
                close(ErrorCode.TOO_LARGE, "a frame has more than " + maxMessageBytes + " bytes");
            case CorruptedWebSocketFrameException corrupt ->
                close(ErrorCode.PROTOCOL_ERROR, "not a frame: " + corrupt.getMessage());
            case IOException gone -> {
                log.debug("Connection lost: {}", gone.getMessage());
                cut();
            }
            default -> {
                log.error("A connection is closed because of a defect", cause);
                close(ErrorCode.INTERNAL, "internal error");
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        outbox().channelWritabilityChanged(ctx);
    }

    @Override
    public void drained() {
        present(listener).onDrained();
    }

    @Override
    public void overflowed() {
        close(ErrorCode.SLOW_CONSUMER, "reads too slowly");
    }

    private void releaseFragments() {
        ByteBuf unfinished = fragments;
        if (unfinished != null) {
            fragments = null;
            unfinished.release();
        }
    }

    private void onLoop(Runnable task) {
        EventLoops.now(channel().eventLoop(), task);
    }

    private static DisconnectReason reasonOf(ErrorCode code) {
        return switch (code) {
            case SLOW_CONSUMER -> DisconnectReason.SLOW_CONSUMER;
            case GOING_AWAY, INSTANCE_FULL -> DisconnectReason.GOING_AWAY;
            case PING_TIMEOUT -> DisconnectReason.PING_TIMEOUT;
            case PROTOCOL_ERROR -> DisconnectReason.PROTOCOL_ERROR;
            case TOO_LARGE, RATE_LIMITED, LIMIT_REACHED -> DisconnectReason.LIMIT;
            case TOKEN_EXPIRED, SESSION_REVOKED, UNAUTHENTICATED -> DisconnectReason.EXPIRED;
            default -> DisconnectReason.SERVER;
        };
    }

    private static <T> T present(@Nullable T set) {
        if (set == null) {
            throw new IllegalStateException("the WebSocket is not open yet");
        }
        return set;
    }
}
