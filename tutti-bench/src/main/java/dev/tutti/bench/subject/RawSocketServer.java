package dev.tutti.bench.subject;

import dev.tutti.bench.load.Stamp;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.EventLoopKind;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The raw limit: sockets without a protocol. Echoes a connection's first byte, and sends a message by writing one frame
 * that was encoded before to each socket: with a system call for each, or, combined, with one for all frames that have
 * come together by the time at which the event loop has nothing else to do.
 */
final class RawSocketServer implements MeasuredServer {
    private static final String HEAD = "42[\"m\",\"";
    private static final String TAIL = "\"]";

    private final EventLoopGroup loops;
    private final Channel listener;
    private final Map<EventLoop, List<Channel>> connections = new ConcurrentHashMap<>();
    private final Set<EventLoop> flushing = ConcurrentHashMap.newKeySet();
    private final boolean combined;
    private final byte[] frame;
    private final int stampAt;

    /** On any free port, with frames of {@code size} bytes of content. */
    RawSocketServer(int size, boolean combined) {
        this.combined = combined;
        EventLoopKind transport = EventLoopKind.best();
        byte[] content =
                (HEAD + ".".repeat(size - HEAD.length() - TAIL.length()) + TAIL).getBytes(StandardCharsets.US_ASCII);
        frame = ServerFrames.text(content);
        stampAt = frame.length - content.length + HEAD.length();
        loops = new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), transport.handlers());
        listener = new ServerBootstrap()
                .group(loops)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public int port() {
        if (listener.localAddress() instanceof InetSocketAddress address) {
            return address.getPort();
        }
        throw new BenchException("no port: " + listener);
    }

    @Override
    public void send() {
        byte[] bytes = frame.clone();
        Stamp.write(System.nanoTime(), bytes, stampAt);
        connections.forEach((loop, channels) -> loop.execute(() -> {
            ByteBuf message = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
            channels.forEach(channel -> write(channel, message.retainedDuplicate()));
            message.release();
            if (combined && flushing.add(loop)) {
                loop.execute(() -> {
                    flushing.remove(loop);
                    channels.forEach(Channel::flush);
                });
            }
        }));
    }

    private void write(Channel channel, ByteBuf message) {
        if (combined) {
            var _ = channel.write(message, channel.voidPromise());
        } else {
            var _ = channel.writeAndFlush(message, channel.voidPromise());
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Each loop's list is touched on that loop alone. */
    private final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            connections
                    .computeIfAbsent(context.channel().eventLoop(), _ -> new ArrayList<>())
                    .add(context.channel());
            var _ = context.writeAndFlush(message, context.voidPromise());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            connections.getOrDefault(context.channel().eventLoop(), List.of()).remove(context.channel());
        }
    }
}
