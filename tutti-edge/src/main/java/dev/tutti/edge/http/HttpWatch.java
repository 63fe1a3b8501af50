package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.Shares;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.Heartbeats;
import dev.tutti.edge.flow.WebSocketUpgrade;
import dev.tutti.edge.flow.WireError;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Watches all TCP connections of an edge: how many they are, how many of them come from one address, and, while they speak
 * HTTP, that none is held for nothing. Safe for use by many threads.
 */
public final class HttpWatch implements AutoCloseable {
    private static final String TLS = "ssl"; // as Vert.x calls it

    private final Heartbeats pace = new Heartbeats(ConnectionWatch.PACE);
    private final Shares sockets;
    private final TrustedProxies proxies;
    private final ConnectionTimes times;
    private final FlowMetrics metrics;
    private final byte[] timedOut;

    /**
     * Watches at most as many connections as {@code sockets} has; those that are too many are closed without an answer, which
     * costs least. The connections of {@code proxies} are many people's, and may be all.
     */
    public HttpWatch(Shares sockets, TrustedProxies proxies, ConnectionTimes times, FlowMetrics metrics, Tutti tutti) {
        this.sockets = sockets;
        this.proxies = proxies;
        this.times = times;
        this.metrics = metrics;
        TuttiException late = new TuttiException(
                ErrorCode.TIMEOUT,
                "the request was not there within " + times.request().toSeconds() + " s");
        this.timedOut = ConnectionWatch.timedOut(
                tutti.instance().value(), new String(tutti.json().bytes(WireError.of(late)), StandardCharsets.UTF_8));
    }

    /** Watches {@code connection}; to be called on its event loop. */
    public void watch(HttpConnection connection) {
        Optional<Shares.Part> place = place(connection.remoteAddress());
        if (place.isEmpty()) {
            metrics.refused(ErrorCode.INSTANCE_FULL);
            connection.close();
            return;
        }
        ChannelPipeline pipeline =
                ((ConnectionBase) connection).channelHandlerContext().pipeline();
        pipeline.channel().closeFuture().addListener(_ -> place.get().close());
        pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ConnectionWatch connectionWatch = new ConnectionWatch(pace, times, timedOut);
        if (pipeline.get(TLS) == null) {
            pipeline.addFirst(WebSocketUpgrade.HTTP_WATCH, connectionWatch);
        } else {
            pipeline.addAfter(TLS, WebSocketUpgrade.HTTP_WATCH, connectionWatch);
        }
    }

    /** A proxy's connections each count for themselves. */
    private Optional<Shares.Part> place(SocketAddress peer) {
        String address = peer.hostAddress();
        return sockets.take(proxies.trusts(address) ? peer.toString() : NetworkAddress.holder(address), false, 1);
    }

    @Override
    public void close() {
        pace.close();
    }
}
