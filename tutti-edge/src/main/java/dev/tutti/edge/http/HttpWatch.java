package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.Heartbeats;
import dev.tutti.edge.flow.WebSocketUpgrade;
import dev.tutti.edge.flow.WireError;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Watches all TCP connections of an edge: how many they are, and, while they speak HTTP, that none is held for nothing.
 * Safe for use by many threads.
 */
public final class HttpWatch implements AutoCloseable {
    private final Heartbeats pace = new Heartbeats(ConnectionWatch.PACE);
    private final AtomicInteger open = new AtomicInteger();
    private final int most;
    private final Duration request;
    private final Duration idle;
    private final FlowMetrics metrics;
    private final byte[] timedOut;

    /**
     * Watches at most {@code most} connections; those that are too many are closed without an answer, which costs least.
     *
     * @param request how long a request may take from its first byte to its last
     * @param idle how long a connection may be without a request
     */
    public HttpWatch(int most, Duration request, Duration idle, FlowMetrics metrics, Tutti tutti) {
        this.most = most;
        this.request = request;
        this.idle = idle;
        this.metrics = metrics;
        TuttiException late =
                new TuttiException(ErrorCode.TIMEOUT, "the request was not there within " + request.toSeconds() + " s");
        this.timedOut = ConnectionWatch.timedOut(
                tutti.instance().value(), new String(tutti.json().bytes(WireError.of(late)), StandardCharsets.UTF_8));
    }

    /** Watches {@code connection}; to be called on its event loop. */
    public void watch(HttpConnection connection) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            metrics.refused(ErrorCode.INSTANCE_FULL);
            connection.close();
            return;
        }
        ((ConnectionBase) connection)
                .channelHandlerContext()
                .pipeline()
                .addFirst(
                        WebSocketUpgrade.HTTP_WATCH,
                        new ConnectionWatch(pace, request, idle, timedOut, open::decrementAndGet));
    }

    @Override
    public void close() {
        pace.close();
    }
}
