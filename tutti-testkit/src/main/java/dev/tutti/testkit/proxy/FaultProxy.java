package dev.tutti.testkit.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on 127.0.0.1 with a {@link LinkFault}, which can be changed at any time. Each connection has two virtual threads, and at most
 * 64 KiB of data in the proxy, in addition to the buffers of the system. Safe for use by many threads.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int BACKLOG = 1_000;
    private static final int CONNECT_MILLIS = 5_000;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final LinkState links = new LinkState();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();

    private FaultProxy(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.target = target;
        Thread.ofVirtual().name("fault-proxy-" + listener.getLocalPort()).start(this::listen);
    }

    /**
     * Starts a proxy to the port {@code target} of 127.0.0.1. The server need not be running yet.
     *
     * @param port the port of the proxy, 0 for any free one
     * @throws IOException if the proxy cannot listen
     */
    public static FaultProxy to(int target, int port) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new FaultProxy(new ServerSocket(port, BACKLOG, loopback), new InetSocketAddress(loopback, target));
    }

    /** The port of the proxy. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Replaces the fault of the link; {@link LinkFault} says how each fault affects open and new connections. */
    public void become(LinkFault linkFault) {
        if (linkFault instanceof LinkFault.Vanished) {
            connections.forEach(ProxiedConnection::vanish); // before waiting data could pass
        }
        links.become(linkFault);
        boolean down = linkFault instanceof LinkFault.Down;
        connections.stream()
                .filter(connection -> down || connection.bytesVanished())
                .forEach(ProxiedConnection::reset);
    }

    /** Resets all open connections, as a restarted router does, and returns their number. */
    public int cut() {
        int cut = 0;
        for (ProxiedConnection connection : connections) {
            connection.reset();
            cut++;
        }
        return cut;
    }

    /** The number of open connections. */
    public int connections() {
        return connections.size();
    }

    /** The number of bytes that have passed the proxy, in both directions together. */
    public long bytes() {
        return bytes.get();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("fault-proxy-connect").start(() -> connect(client));
            } catch (IOException closed) {
                // or there are no more file descriptors: then the client waits in the backlog
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            if (links.now() instanceof LinkFault.Down) {
                throw new IOException("down");
            }
            server.connect(target, CONNECT_MILLIS);
        } catch (IOException refused) {
            ProxiedConnection.reset(client);
            ProxiedConnection.reset(server);
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(client, server, links, bytes, connections::remove);
        connections.add(connection);
        connection.start();
        if (listener.isClosed() || links.now() instanceof LinkFault.Down) {
            connection.reset();
        }
    }

    /** Stops listening, and resets all connections. Idempotent. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            cut();
        }
    }
}
