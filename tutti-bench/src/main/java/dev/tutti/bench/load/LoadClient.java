package dev.tutti.bench.load;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.EventLoopKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Many connections to one port of this machine, on one event loop, which guards everything here; none of the testkit's clients,
 * which would cost more than the server that is measured. The public methods block and are for other threads.
 */
public final class LoadClient implements AutoCloseable {
    private static final long OPEN_SECONDS = 120;

    /**
     * How opening went.
     *
     * @param nanos from the first connect until the last connection was ready
     * @param handshakes from each one's connect until it was ready, in nanoseconds
     */
    public record Opened(long nanos, Histogram handshakes) {}

    private final EventLoopGroup loop;
    private final Bootstrap bootstrap;
    private final Receiver receiver;
    private final List<SocketChannel> channels = new ArrayList<>();
    private @Nullable Opening opening;
    private @Nullable Throwable broken;
    private boolean disconnecting;

    LoadClient(Receiver receiver) {
        EventLoopKind transport = EventLoopKind.best();
        this.receiver = receiver;
        this.loop = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.client())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 30_000)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(8 * 1024));
    }

    /** Opens connections, {@code inFlight} at a time, and waits until all are ready, for two minutes at most. */
    public Opened open(int port, Dialect dialect, int connections, int inFlight) {
        Opening next = new Opening(port, dialect, connections);
        onLoop(() -> {
            opening = next;
            disconnecting = false;
            for (int i = 0; i < inFlight; i++) {
                next.another();
            }
            return null;
        });
        return await(next.done, connections + " connections of " + dialect + " to port " + port);
    }

    /** Fails if a connection was lost since the last {@link #disconnect}. */
    public void check() {
        Throwable cause = onLoop(() -> broken);
        if (cause != null) {
            throw new BenchException("a connection was lost", cause);
        }
    }

    /** Closes all connections, and waits for that. */
    public void disconnect() {
        List<SocketChannel> all = onLoop(() -> {
            disconnecting = true;
            broken = null;
            List<SocketChannel> open = List.copyOf(channels);
            channels.clear();
            return open;
        });
        List<ChannelFuture> closing = all.stream().map(SocketChannel::close).toList();
        closing.forEach(ChannelFuture::syncUninterruptibly);
    }

    /** Runs {@code task} where everything is guarded. */
    <T extends @Nullable Object> T onLoop(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception failure) {
                result.completeExceptionally(failure);
            }
        });
        return await(result, "the event loop");
    }

    void ready(Connection connection) {
        if (opening != null) {
            opening.ready(connection);
        }
    }

    void lost(Throwable cause) {
        if (disconnecting) {
            return;
        }
        if (broken == null) {
            broken = cause;
        }
        if (opening != null) {
            opening.done.completeExceptionally(cause);
        }
    }

    /** Closes all connections and ends the event loop. */
    @Override
    public void close() {
        disconnect();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> result, String what) {
        try {
            return result.get(OPEN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw new BenchException(what, failure.getCause() == null ? failure : failure.getCause());
        } catch (TimeoutException late) {
            throw new BenchException(what + " within " + OPEN_SECONDS + " s", late);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException(what, interrupt);
        }
    }

    private final class Opening {
        private final InetSocketAddress target;
        private final Dialect dialect;
        private final int wanted;
        private final long began = System.nanoTime();
        private final Histogram handshakes = new Histogram(3);
        private final CompletableFuture<Opened> done = new CompletableFuture<>();
        private int started;
        private int ready;

        Opening(int port, Dialect dialect, int wanted) {
            this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            this.dialect = dialect;
            this.wanted = wanted;
        }

        void another() {
            if (started == wanted || done.isDone()) {
                return;
            }
            started++;
            Connection connection = new Connection(channels.size(), dialect, receiver, LoadClient.this);
            connection.begins(System.nanoTime());
            bootstrap
                    .clone()
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channels.add(channel);
                            channel.pipeline().addLast(connection);
                        }
                    })
                    .connect(target)
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            lost(connected.cause());
                        }
                    });
        }

        void ready(Connection connection) {
            long now = System.nanoTime();
            handshakes.recordValue(now - connection.began());
            if (++ready == wanted) {
                opening = null;
                done.complete(new Opened(now - began, handshakes));
            } else {
                another();
            }
        }
    }
}
