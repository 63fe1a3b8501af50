package dev.tutti.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection of a load client: says what its dialect asks for, then hands on frames. On the event loop alone. */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final ByteBuf ENGINE_PONG =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(ClientFrames.text("3")));
    private static final ByteBuf SOCKET_PONG = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(ClientFrames.pong()));

    private enum State {
        UPGRADING,
        GREETING,
        READY
    }

    final int number;
    private final Dialect dialect;
    private final List<Dialect.Step> steps;
    private final Receiver receiver;
    private final LoadClient owner;
    private final FrameSkipper frames = new FrameSkipper(this::onFrame);
    private final Upgrade upgrade = new Upgrade();
    private State state = State.UPGRADING;
    private int step;
    private long began;
    private @Nullable ChannelHandlerContext context;

    /** Data frames since the last tally; the receiver's. */
    long received;

    Connection(int number, Dialect dialect, Receiver receiver, LoadClient owner) {
        this.number = number;
        this.dialect = dialect;
        this.steps = dialect.steps();
        this.receiver = receiver;
        this.owner = owner;
    }

    /** Notes that connecting begins now. */
    void begins(long nanoTime) {
        began = nanoTime;
    }

    long began() {
        return began;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        this.context = context;
        if (dialect == Dialect.RAW) {
            var _ = context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'.'}), context.voidPromise());
            return;
        }
        write(Upgrade.request(dialect.path(), "bench"));
    }

    /** Sends {@code bytes}, which are released. */
    void write(ByteBuf bytes) {
        if (context != null) {
            var _ = context.writeAndFlush(bytes, context.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (state == State.UPGRADING) {
                upgrade(in);
            }
            if (state != State.UPGRADING) {
                frames.read(in);
            }
        } finally {
            ReferenceCountUtil.release(in);
        }
    }

    private void upgrade(ByteBuf in) {
        if (dialect == Dialect.RAW && in.isReadable()) {
            in.skipBytes(1);
            ready();
            return;
        }
        String head = upgrade.read(in);
        if (head == null) {
            return;
        }
        if (!Upgrade.accepted(head)) {
            throw new IllegalStateException("refused: " + head.strip());
        }
        state = State.GREETING;
    }

    private void onFrame(int opcode, int length, byte[] content) {
        switch (opcode) {
            case FrameSkipper.PING -> write(SOCKET_PONG.duplicate());
            case FrameSkipper.CLOSE -> throw new IllegalStateException("the server closed");
            case FrameSkipper.TEXT -> {
                if (length == 1) {
                    write(ENGINE_PONG.duplicate());
                } else if (state == State.GREETING) {
                    greet(new String(content, 0, length, StandardCharsets.UTF_8));
                } else {
                    receiver.onFrame(this, length, content);
                }
            }
            default -> receiver.onFrame(this, length, content);
        }
    }

    private void greet(String message) {
        Dialect.Step now = steps.get(step);
        if (!message.startsWith(now.expected())) {
            throw new IllegalStateException(dialect + " expected '" + now.expected() + "…', got: " + message);
        }
        if (!now.answer().isEmpty()) {
            write(Unpooled.wrappedBuffer(ClientFrames.text(now.answer())));
        }
        if (++step == steps.size()) {
            ready();
        }
    }

    private void ready() {
        state = State.READY;
        frames.keep(receiver.keeps(number));
        receiver.onReady(this);
        owner.ready(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        owner.lost(new IllegalStateException("the server closed the connection while it was " + state));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        owner.lost(cause);
        var _ = context.close();
    }
}
