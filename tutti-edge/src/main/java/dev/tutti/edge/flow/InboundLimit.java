package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.Shares;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limit of what a WebSocket may send, whatever it is: bytes, and for each frame, a ping or an empty fragment too, what it costs
 * to look at one. Before a login it is a few frames in all, or a few at once and a slow rate for a client that reads what is
 * public; a client that sends more is closed with {@link ErrorCode#TOO_LARGE}. After it the limit is a rate, and bytes that come
 * faster are read later. Confined to its event loop.
 *
 * <p>Sits in the pipeline twice: before the decoder of frames it counts bytes, since a frame may take its time to be whole; behind
 * it, frames.
 */
public final class InboundLimit extends ChannelInboundHandlerAdapter {
    /** The most that a client may send before it has logged in, in bytes: some tokens, and the packets around them. */
    public static final int STRANGER_BYTES = 64 * 1024;

    /** So much of that comes back each second for a client that reads what is public: about three frames. */
    private static final int GUEST_BYTES_PER_SECOND = 2 * 1024;

    /** So much each frame or packet counts for beside its bytes. */
    public static final int FRAME_BYTES = 512;

    private static final int CONTROL_HEAD_BYTES = 6; // with the mask
    private static final int LARGE_BYTES = 16 * 1024;
    private static final String BEFORE = "inbound-bytes";
    private static final String BEHIND = "inbound-frames";

    /** The state that both places of one connection share. */
    private static final class Account {
        private final FlowControl flow;
        private final String holder;
        private Shares.@Nullable Part held; // what a message that is not whole has, if that is much
        private int unfinished;
        private boolean fragmented; // the message that is not whole has begun with a frame that is
        private ByteBucket bucket;
        private boolean known;
        private boolean guest;
        private volatile boolean admitted; // from now on known, as any thread says
        private boolean closed;

        Account(FlowControl flow, String holder) {
            this.flow = flow;
            this.holder = holder;
            this.bucket = new ByteBucket(0, STRANGER_BYTES, flow.nanoTime());
        }

        /** {@code bytes} of a message have come; false if there is no room for an unfinished one that large. */
        boolean hold(int bytes) {
            unfinished += bytes;
            if (unfinished < LARGE_BYTES) {
                return true;
            }
            Shares.Part before = held;
            if (before != null) {
                return before.grow(bytes);
            }
            held = flow.inbound().take(holder, known, unfinished).orElse(null);
            return held != null;
        }

        /** A whole frame has come: of a message, or of control, which may be in the midst of one (RFC 6455, section 5.4). */
        void received(WebSocketFrame frame) {
            boolean control = frame instanceof PingWebSocketFrame
                    || frame instanceof PongWebSocketFrame
                    || frame instanceof CloseWebSocketFrame;
            if (!control) {
                fragmented = !frame.isFinalFragment();
            }
            if (!fragmented) {
                release();
            } else if (control) {
                giveBack(CONTROL_HEAD_BYTES + frame.content().readableBytes());
            }
        }

        private void giveBack(int bytes) {
            int less = Math.min(bytes, unfinished);
            unfinished -= less;
            if (unfinished < LARGE_BYTES) {
                letGo();
            } else if (held != null) {
                held.shrink(less);
            }
        }

        /** The message is whole, or nobody waits for it any more. */
        void release() {
            unfinished = 0;
            letGo();
        }

        private void letGo() {
            if (held != null) {
                held.close();
                held = null;
            }
        }

        /** The client reads what is public: its room for sending comes back slowly from now on. */
        void admitAsGuest() {
            if (!guest) {
                guest = true;
                bucket.refill(GUEST_BYTES_PER_SECOND, flow.nanoTime());
            }
        }

        /** Charges {@code count} bytes; how long to read nothing then. */
        Duration charge(int count) {
            long now = flow.nanoTime();
            if (admitted && !known) {
                known = true;
                bucket = flow.bytes(now);
            }
            return bucket.charge(count, now);
        }
    }

    private final Account account;

    private InboundLimit(Account account) {
        this.account = account;
    }

    /** Puts one around the handler {@code decoder} of {@code pipeline}; what its client at {@code address} sends counts for that. */
    static void add(ChannelPipeline pipeline, String decoder, FlowControl flow, String address) {
        Account account = new Account(flow, NetworkAddress.holder(address));
        pipeline.channel().closeFuture().addListener(_ -> account.release());
        pipeline.addBefore(decoder, BEFORE, new InboundLimit(account));
        pipeline.addAfter(decoder, BEHIND, new InboundLimit(account));
    }

    /**
     * A message of {@code link} turned out to be so many {@code bytes} larger than what came: they count as if they had come. To be
     * called on its event loop.
     */
    static void inflated(WebSocketLink link, int bytes) {
        if (bytes > 0 && link.channel().pipeline().get(BEFORE) instanceof InboundLimit limit) {
            limit.charge(link, bytes);
        }
    }

    /**
     * The client behind {@code channel} has logged in: whatever it sends after it could know of that counts so. Called by any
     * thread.
     */
    public static void known(Channel channel) {
        if (channel.pipeline().get(BEFORE) instanceof InboundLimit limit) {
            limit.account.admitted = true;
        }
    }

    /**
     * The client behind {@code channel} has not logged in, and reads what is public: its room for sending comes back slowly from now on. To
     * be called on its event loop.
     */
    public static void guest(Channel channel) {
        if (channel.pipeline().get(BEFORE) instanceof InboundLimit limit) {
            limit.account.admitAsGuest();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (account.closed) {
            ReferenceCountUtil.release(message);
            return;
        }
        WebSocketLink link = ctx.pipeline().get(WebSocketLink.class);
        int charged = message instanceof ByteBuf bytes ? bytes.readableBytes() : FRAME_BYTES;
        if (!charge(link, charged)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (link != null && message instanceof ByteBuf bytes && !account.hold(bytes.readableBytes())) {
            account.closed = true;
            account.release();
            ReferenceCountUtil.release(message);
            link.close(ErrorCode.OVERLOADED, "too much is being read at a time");
            return;
        }
        if (message instanceof WebSocketFrame frame) {
            account.received(frame);
        }
        ctx.fireChannelRead(message);
    }

    /** Charges {@code bytes}, and reads the next ones later if need be; false if the connection is closed because of them. */
    private boolean charge(@Nullable WebSocketLink link, int bytes) {
        Duration pause = account.charge(bytes);
        if (link == null) {
            return true;
        }
        if (account.bucket.isOverdrawn() && !account.known) {
            account.closed = true;
            link.close(ErrorCode.TOO_LARGE, "more than " + STRANGER_BYTES + " bytes came before a login, or too fast");
            return false;
        }
        if (pause.isPositive()) {
            link.pause(pause);
        }
        return true;
    }
}
