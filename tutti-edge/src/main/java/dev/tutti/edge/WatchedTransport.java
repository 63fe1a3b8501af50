package dev.tutti.edge;

import dev.tutti.edge.http.HttpWatch;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A transport of Vert.x whose TCP connections are counted when they are accepted: what Vert.x tells of a connection comes after its
 * TLS handshake, for which a client may take its time. All else is the transport's own. Safe for use by many threads.
 */
final class WatchedTransport implements Transport, io.vertx.core.spi.transport.Transport {
    private final Transport own;
    private final io.vertx.core.spi.transport.Transport implementation;
    private final HttpWatch watch;

    private WatchedTransport(Transport own, HttpWatch watch) {
        this.own = own;
        this.implementation = own.implementation();
        this.watch = watch;
    }

    /** The native one if this machine has one, else Java's. */
    static WatchedTransport best(HttpWatch watch) {
        @Nullable Transport nativeOne = Transport.nativeTransport();
        return new WatchedTransport(nativeOne != null && nativeOne.available() ? nativeOne : Transport.NIO, watch);
    }

    boolean isNative() {
        return !own.equals(Transport.NIO);
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
        implementation.configure(config, domainSocket, bootstrap);
        bootstrap.handler(new AcceptFilter());
    }

    /** Sees each connection before the handler that gives it to its event loop. Confined to the acceptor's event loop. */
    private final class AcceptFilter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Channel accepted) {
                boolean admitted = false;
                try {
                    admitted = watch.admits(accepted);
                } finally {
                    if (!admitted) {
                        accepted.unsafe().closeForcibly();
                    }
                }
                if (!admitted) {
                    return;
                }
            }
            context.fireChannelRead(message);
        }
    }

    @Override
    public String name() {
        return own.name();
    }

    @Override
    public boolean available() {
        return own.available();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }

    @Override
    public boolean supportsDomainSockets() {
        return implementation.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return implementation.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return implementation.isAvailable();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return implementation.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return implementation.convert(address);
    }

    @Override
    public @Nullable SocketAddress convert(java.net.SocketAddress address) {
        return implementation.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return implementation.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return implementation.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    @SuppressWarnings("deprecation") // the interface has it so
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return implementation.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return implementation.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return implementation.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return implementation.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        implementation.configure(channel, options);
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
        implementation.configure(config, domainSocket, bootstrap);
    }
}
