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
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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
    private final LongSupplier ticker;
    private final byte[] timedOut;

    /**
     * Watches at most as many connections as {@code sockets} has; those that are too many are closed without an answer, which
     * costs least. The connections of {@code proxies} are many people's, and may be all. {@code ticker} counts nanoseconds.
     */
    public HttpWatch(
            Shares sockets,
            TrustedProxies proxies,
            ConnectionTimes times,
            FlowMetrics metrics,
            LongSupplier ticker,
            Tutti tutti) {
        this.sockets = sockets;
        this.proxies = proxies;
        this.times = times;
        this.metrics = metrics;
        this.ticker = ticker;
        TuttiException late = new TuttiException(
                ErrorCode.TIMEOUT,
                "the request was not there within " + times.request().toSeconds() + " s");
        this.timedOut = ConnectionWatch.timedOut(
                tutti.instance().value(), new String(tutti.json().bytes(WireError.of(late)), StandardCharsets.UTF_8));
    }

    /**
     * Whether {@code accepted}, a TCP connection with which nothing has begun, TLS neither, has a place; it gives that back when it is
     * closed. Does not block.
     */
    public boolean admits(Channel accepted) {
        Optional<Shares.Part> place = place(accepted.remoteAddress());
        if (place.isEmpty()) {
            metrics.refused(ErrorCode.INSTANCE_FULL);
            return false;
        }
        accepted.closeFuture().addListener(_ -> place.get().close());
        return true;
    }

    /** Watches {@code connection}, which speaks HTTP from now on; to be called on its event loop. */
    public void watch(HttpConnection connection) {
        ChannelPipeline pipeline =
                ((ConnectionBase) connection).channelHandlerContext().pipeline();
        pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ConnectionWatch connectionWatch = new ConnectionWatch(pace, times, metrics, ticker, timedOut);
        if (pipeline.get(TLS) == null) {
            pipeline.addFirst(WebSocketUpgrade.HTTP_WATCH, connectionWatch);
        } else {
            pipeline.addAfter(TLS, WebSocketUpgrade.HTTP_WATCH, connectionWatch);
        }
    }

    /** A proxy's connections each count for themselves. */
    private Optional<Shares.Part> place(@Nullable SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress from)) {
            return Optional.empty(); // it has gone already
        }
        String address = from.getAddress().getHostAddress();
        return sockets.take(proxies.trusts(address) ? peer.toString() : NetworkAddress.holder(address), false, 1);
    }

    @Override
    public void close() {
        pace.close();
    }
}
