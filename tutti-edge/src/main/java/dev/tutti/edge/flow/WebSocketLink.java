package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.concurrent.Failures;
import dev.tutti.socket.DisconnectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
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
    private static final Logger log = LoggerFactory.getLogger(WebSocketLink.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final FlowControl flow;
    private final int maxMessageBytes;
    private @Nullable Function<WebSocketLink, WebSocketListener> open; // until it has: it knows the HTTP request
    private @Nullable ChannelHandlerContext context;
    private @Nullable Outbox outbox;
    private @Nullable WebSocketListener listener;
    private @Nullable Fragments fragments;
    private @Nullable DisconnectReason ended; // null until the end begins
    private boolean heard = true;
    private int pauses;

    WebSocketLink(FlowControl flow, int maxMessageBytes, Function<WebSocketLink, WebSocketListener> open) {
        this.flow = flow;
        this.maxMessageBytes = maxMessageBytes;
        this.open = open;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        outbox = flow.outbox(ctx, this);
        WebSocketListener opened;
        try {
            opened = present(open).apply(this);
        } catch (
                Throwable
                        failed) { // Netty would take this handler out, and nothing would watch the connection any more
            log.error("A WebSocket is closed because it could not be opened", failed);
            ended = DisconnectReason.TRANSPORT_CLOSED;
            cut();
            return;
        }
        open = null;
        listener = opened;
        if (ended != null) {
            opened.onClosed(ended); // it was closed while it opened
        } else if (!ctx.channel().isActive()) {
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
     * Sends a ping, and closes with {@link ErrorCode#PING_TIMEOUT} if nothing at all was heard since the last call, although
     * this was reading. To be called at the pace of pings.
     */
    public void ping() {
        if (!heard && pauses == 0) {
            close(ErrorCode.PING_TIMEOUT, "nothing was heard since the last ping");
        } else if (ended == null) {
            heard = false;
            outbox().write(Frames.ping(channel().alloc()));
        }
    }

    /**
     * Closes because of {@code code}, which {@link CloseCode} tells the client; counted as a refusal. Idempotent; the first
     * one tells.
     */
    public void close(ErrorCode code, String reason) {
        onLoop(() -> {
            if (CloseCode.isViolation(code)) {
                fail(code, CloseCode.of(code), reason);
            } else if (ended == null) {
                flow.metrics().refused(code);
                closeWith(CloseCode.of(code), reason, CloseCode.reason(code));
            }
        });
    }

    /**
     * Fails the connection, as RFC 6455, section 7.1.7, calls it: a client that breaks the rules is told why, and is not
     * waited for. Bytes that it still sends are read and dropped for a moment, because closing over them would take the close
     * frame away from the client.
     */
    private void fail(ErrorCode code, int closeCode, String reason) {
        if (ended != null) {
            return;
        }
        flow.metrics().refused(code);
        begin(CloseCode.reason(code));
        closeWithin(LINGER);
        farewell(closeCode, reason);
        present(context).writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> sendNoMore());
    }

    /** Writes a close frame; where that fails, the end is told by the connection's. */
    private void farewell(int code, String reason) {
        Runnable write = () -> outbox().writeLast(Frames.close(channel().alloc(), code, reason));
        if (!Failures.guard("A close frame", write)) {
            cut();
        }
    }

    private void sendNoMore() {
        if (channel() instanceof DuplexChannel duplex) {
            var _ = duplex.shutdownOutput();
            channel().config().setAutoRead(true);
        } else {
            cut();
        }
    }

    /**
     * Ends behind what was written, without a close frame, as a connection that breaks: for clients that are to come back at
     * once, and would take a close frame for the beginning of a long wait. Counted as a refusal. Idempotent.
     */
    public void hangUp(ErrorCode code) {
        onLoop(() -> {
            if (ended == null) {
                flow.metrics().refused(code);
                begin(CloseCode.reason(code));
                outbox().close();
                present(context).writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
                closeWithin(CLOSE_TIMEOUT);
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
            heard = true; // what the client said meanwhile has not been read
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
        try {
            if (message instanceof WebSocketFrame frame) {
                heard = true;
                received(frame);
            }
        } catch (CorruptedWebSocketFrameException violation) {
            violated(violation);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void received(WebSocketFrame frame) {
        boolean compressed = PerMessageDeflate.isCompressed(frame);
        if (frame instanceof CloseWebSocketFrame close) {
            peerCloses(close);
        } else if (ended != null) {
            return; // we have said good-bye; what was under way is not heard any more
        } else if (frame instanceof PingWebSocketFrame) {
            outbox().write(Frames.pong(channel().alloc(), frame.content()));
        } else if (frame instanceof PongWebSocketFrame) {
            return; // that something was heard is noted
        } else if (frame.isFinalFragment() && !compressed && !(frame instanceof ContinuationWebSocketFrame)) {
            message(frame.content(), frame instanceof TextWebSocketFrame);
        } else {
            fragment(frame);
        }
    }

    /** The decoder has checked that fragments come in an order that makes sense. */
    private void fragment(WebSocketFrame frame) {
        Fragments message = fragments;
        if (message == null) {
            message = new Fragments(frame, maxMessageBytes, channel().alloc());
            fragments = message;
        }
        message.add(frame.content());
        if (frame.isFinalFragment()) {
            fragments = null;
            try {
                InboundLimit.inflated(this, inflate(message));
                if (ended == null) {
                    message(message.whole(), message.isText());
                }
            } finally {
                message.release();
            }
        }
    }

    private int inflate(Fragments message) {
        Channel channel = channel();
        return message.isCompressed()
                ? message.inflate(flow.compression(channel.eventLoop()).deflate(), channel.alloc())
                : 0;
    }

    private void message(ByteBuf message, boolean text) {
        flow.metrics().received(message.readableBytes());
        if (!text) {
            present(listener).onBinary(message);
        } else if (Utf8.isText(message)) {
            present(listener).onText(message);
        } else {
            throw Utf8.malformed();
        }
    }

    private void violated(CorruptedWebSocketFrameException violation) {
        WebSocketCloseStatus status = violation.closeStatus();
        String reason = status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
                ? "a message has more than " + maxMessageBytes + " bytes"
                : String.valueOf(violation.getMessage());
        fail(CloseCode.of(status), status.code(), reason);
    }

    private void peerCloses(CloseWebSocketFrame frame) {
        int code = CloseCode.received(frame);
        if (ended == null) {
            begin(DisconnectReason.CONNECTION_CLOSED);
            farewell(code, "");
        }
        // behind what was written before
        present(context).writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        closeWithin(CLOSE_TIMEOUT);
    }

    private void closeWith(int code, String reason, DisconnectReason why) {
        if (ended != null) {
            return;
        }
        begin(why);
        farewell(code, reason);
        // read on, so that the client's own close frame is seen
        channel().config().setAutoRead(true);
        closeWithin(CLOSE_TIMEOUT);
    }

    private void begin(DisconnectReason why) {
        ended = why;
        releaseFragments();
        WebSocketListener told = listener;
        if (told != null) { // otherwise it is told when it has opened
            Failures.guard("The end of a connection", () -> told.onClosed(why));
        }
    }

    private void closeWithin(Duration time) {
        Channel channel = channel();
        var timeout = channel.eventLoop().schedule(this::cut, time.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> timeout.cancel(false));
    }

    private void cut() {
        var _ = channel().close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            cut(); // a client that sends no more cannot close in good order either
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        outbox().close();
        if (ended == null) {
            begin(DisconnectReason.TRANSPORT_CLOSED);
        }
        releaseFragments();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case CorruptedWebSocketFrameException violation -> violated(violation);
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
        Fragments unfinished = fragments;
        if (unfinished != null) {
            fragments = null;
            unfinished.release();
        }
    }

    private void onLoop(Runnable task) {
        EventLoops.now(channel().eventLoop(), task);
    }

    private static <T> T present(@Nullable T set) {
        if (set == null) {
            throw new IllegalStateException("the WebSocket is not open yet");
        }
        return set;
    }
}
