package dev.tutti.edge.flow;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What the outboxes of one edge share: bounds, metrics, and one flusher per event loop. Safe for use by many threads. */
public final class Flow {
    private final OutboxBounds bounds;
    private final FlowMetrics metrics;
    private final ConcurrentMap<EventExecutor, Flusher> flushers = new ConcurrentHashMap<>(); // one per event loop

    /** A flow of outboxes of {@code bounds} each, that count in {@code metrics}. */
    public Flow(OutboxBounds bounds, FlowMetrics metrics) {
        this.bounds = bounds;
        this.metrics = metrics;
    }

    /** What they count in. */
    public FlowMetrics metrics() {
        return metrics;
    }

    /**
     * The outbox of the connection behind {@code context}, to be called on its event loop. It writes from there outwards, so
     * that encoders on the inner side of {@code context} do not see what it writes.
     */
    public Outbox outbox(ChannelHandlerContext context, Outbox.Owner owner) {
        Flusher flusher = flushers.computeIfAbsent(context.executor(), Flusher::new);
        return new Outbox(context, bounds, metrics, flusher, owner);
    }
}
