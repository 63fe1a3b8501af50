package dev.tutti.bench.load;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.EventLoopKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * Clients that follow streams, come back whenever they are cut off, and check that everything comes once and in order: on
 * one event loop, which guards everything here. The public methods are for other threads, and may be called by many.
 */
public final class Followers implements AutoCloseable {
    private static final long POLL_NANOS = 10_000_000;
    private static final long ANSWER_SECONDS = 30;
    private static final int AT_A_TIME = 64;

    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final DeliveryCounts counts = new DeliveryCounts();
    private final List<Follower> followers = new ArrayList<>();
    private final AtomicLongArray acknowledged;
    private boolean closing;

    /**
     * {@code count} of them, of {@code followed} in turn, on one of {@code ports} each, in turn as well, but who follows the
     * same on the next one; not yet connected.
     */
    public Followers(List<Integer> ports, List<Followed> followed, int count) {
        EventLoopKind transport = EventLoopKind.best();
        loops = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        loop = loops.next();
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.client())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5_000);
        acknowledged = new AtomicLongArray(followed.size());
        for (int i = 0; i < followed.size(); i++) {
            acknowledged.set(i, followed.get(i).head());
        }
        for (int number = 0; number < count; number++) {
            followers.add(follower(number, ports.get((number + number / followed.size()) % ports.size()), followed));
        }
    }

    private Follower follower(int number, int port, List<Followed> followed) {
        int which = number % followed.size();
        LongSupplier promised = () -> acknowledged.get(which);
        LongConsumer connectIn = nanos -> {
            if (closing) {
                return;
            }
            Runnable connect = () -> connect(followers.get(number), port);
            var _ = loop.schedule(connect, nanos, TimeUnit.NANOSECONDS);
        };
        return new Follower(followed.get(which), number < followed.size(), counts, promised, connectIn);
    }

    /** Connects them, {@value #AT_A_TIME} at a time, and waits until all follow. */
    public void open(Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        for (int begin = 0; begin < followers.size(); begin += AT_A_TIME) {
            List<Follower> some = followers.subList(begin, Math.min(begin + AT_A_TIME, followers.size()));
            int from = begin;
            onLoop(() -> {
                for (int i = 0; i < some.size(); i++) {
                    some.get(i).connect();
                }
                return from;
            });
            await(
                    until,
                    "clients follow",
                    () -> some.stream().filter(it -> !it.ready()).count());
        }
    }

    /** Notes that event {@code seq} of stream {@code which} was acknowledged: nobody may miss it. */
    public void acknowledged(int which, long seq) {
        acknowledged.accumulateAndGet(which, seq, Math::max);
    }

    /** Waits until everybody is there and has everything that was acknowledged; says how many events are still missing. */
    public long settle(Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        try {
            await(until, "clients have everything", this::absent);
            return 0;
        } catch (BenchException late) {
            return onLoop(this::missing);
        }
    }

    private long absent() {
        return followers.stream().filter(it -> !it.ready() || it.behind() > 0).count();
    }

    private long missing() {
        return followers.stream().mapToLong(Follower::behind).sum();
    }

    /** The report of all that they saw until now. */
    public DeliveryCounts.Report report() {
        return onLoop(counts::report);
    }

    /** From the time in each event until it came, in nanoseconds, since the last time. */
    public Histogram takeLatencies() {
        return onLoop(counts::takeLatencies);
    }

    private void connect(Follower follower, int port) {
        if (closing) {
            return;
        }
        bootstrap
                .clone()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(follower.attempt());
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        counts.refused("no connection");
                        follower.ended(0);
                    }
                });
    }

    private void await(long until, String what, LongSupplier waiting) {
        long left = onLoop(waiting::getAsLong);
        while (left > 0) {
            if (System.nanoTime() > until) {
                throw new BenchException("not all " + what + " in time; " + left + " do not: " + report());
            }
            LockSupport.parkNanos(POLL_NANOS);
            left = onLoop(waiting::getAsLong);
        }
    }

    private <T> T onLoop(Callable<T> task) {
        try {
            return loop.submit(task).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new BenchException("the event loop of the clients", failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }

    /** Ends the event loop, and with it all connections. */
    @Override
    public void close() {
        onLoop(() -> closing = true);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
