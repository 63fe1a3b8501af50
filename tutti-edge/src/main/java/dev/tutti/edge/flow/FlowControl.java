package dev.tutti.edge.flow;

import dev.tutti.core.limit.Shares;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared parts of one edge's connections: bounds, metrics, and one flusher and one budget per event loop. Safe for use by many
 * threads.
 */
public final class FlowControl {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final long BYTES_PER_MESSAGE = 40 * 1024;
    private static final int SMALL_BYTES = 1024;

    private final OutboxBounds bounds;
    private final FlowMetrics metrics;
    private final long outboundBytes;
    private final TokenBucket.Rate rate;
    private final Shares inbound;
    private final boolean compression;
    private final LongSupplier ticker;
    private final ConcurrentMap<EventExecutor, Flusher> flushers = new ConcurrentHashMap<>(); // one per event loop
    private final ConcurrentMap<EventExecutor, Compression> compressions =
            new ConcurrentHashMap<>(); // one per event loop

    /** The compression on one event loop, in and out. */
    record Compression(PerMessageDeflate deflate, FrameDeflater outbound) {
        private static Compression fresh() {
            PerMessageDeflate deflate = new PerMessageDeflate();
            return new Compression(deflate, new FrameDeflater(deflate));
        }
    }

    /**
     * One that counts in {@code metrics}.
     *
     * @param bounds of what waits for one connection
     * @param outboundBytes how much may wait to be sent on one event loop
     * @param messages how many messages a client may send
     * @param largestMessage in bytes
     * @param inbound what there is for what was received and is not yet worked on
     * @param compression whether WebSockets may compress messages
     * @param ticker the monotonic time, in nanoseconds
     */
    public FlowControl(
            OutboxBounds bounds,
            long outboundBytes,
            TokenBucket.Rate messages,
            int largestMessage,
            FlowMetrics metrics,
            Shares inbound,
            boolean compression,
            LongSupplier ticker) {
        this.bounds = bounds;
        this.metrics = metrics;
        this.outboundBytes = outboundBytes;
        this.inbound = inbound;
        this.compression = compression;
        this.ticker = ticker;
        this.rate =
                new TokenBucket.Rate(bytes(messages.perSecond()), Math.max(bytes(messages.burst()), largestMessage));
    }

    private static int bytes(int messages) {
        return (int) Math.min(messages * BYTES_PER_MESSAGE, Integer.MAX_VALUE);
    }

    /** The bytes that one client may send after its login, from {@code nanoTime} on: 40 KiB for each message of the rate of messages. */
    public ByteBucket bytes(long nanoTime) {
        return new ByteBucket(rate.perSecond(), rate.burst(), nanoTime);
    }

    /** The monotonic time, in nanoseconds. */
    long nanoTime() {
        return ticker.getAsLong();
    }

    /** The room for what was received and is not yet worked on, with a share for each holder. */
    public Shares inbound() {
        return inbound;
    }

    /**
     * Holds {@code bytes} of a message of {@code holder} until it has been worked on, which the returned is told; null if there
     * is not as much left. Messages below 1 KiB are not counted: the number of messages that wait bounds them.
     */
    public @Nullable Handle hold(String holder, int bytes) {
        return bytes < SMALL_BYTES
                ? () -> {}
                : inbound.take(holder, true, bytes)
                        .<Handle>map(part -> part::close)
                        .orElse(null);
    }

    /** The bytes that wait to be sent on {@code loop}, and those that may; to be used there alone. */
    public OutboundBudget budget(EventExecutor loop) {
        return flusher(loop).budget();
    }

    /** Whether WebSockets may compress messages. */
    boolean compresses() {
        return compression;
    }

    /** The compression on {@code loop}; to be used there alone. */
    Compression compression(EventExecutor loop) {
        return compressions.computeIfAbsent(loop, _ -> Compression.fresh());
    }

    /** The metrics that the connections count in. */
    public FlowMetrics metrics() {
        return metrics;
    }

    /**
     * The outbox of the connection behind {@code context}, to be called on its event loop. It writes from there outwards, so
     * that encoders on the inner side of {@code context} do not see what it writes.
     */
    public Outbox outbox(ChannelHandlerContext context, Outbox.Owner owner) {
        return new Outbox(context, bounds, metrics, flusher(context.executor()), owner);
    }

    private Flusher flusher(EventExecutor loop) {
        return flushers.computeIfAbsent(
                loop, each -> new Flusher(each, task -> later(each, task), new OutboundBudget(outboundBytes)));
    }

    private static void later(EventExecutor loop, Runnable task) {
        var _ = loop.schedule(task, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
}
