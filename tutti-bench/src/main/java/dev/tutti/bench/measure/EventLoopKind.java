package dev.tutti.bench.measure;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * The kind of event loop that drives sockets: epoll on Linux, the JDK's selector elsewhere.
 *
 * @param name for the table
 * @param handlers what an event loop runs on
 * @param client the class of connecting sockets
 * @param server the class of listening sockets
 */
public record EventLoopKind(
        String name,
        IoHandlerFactory handlers,
        Class<? extends SocketChannel> client,
        Class<? extends ServerChannel> server) {
    /** The best one here. */
    public static EventLoopKind best() {
        return Epoll.isAvailable()
                ? new EventLoopKind(
                        "epoll", EpollIoHandler.newFactory(), EpollSocketChannel.class, EpollServerSocketChannel.class)
                : new EventLoopKind(
                        "NIO", NioIoHandler.newFactory(), NioSocketChannel.class, NioServerSocketChannel.class);
    }
}
