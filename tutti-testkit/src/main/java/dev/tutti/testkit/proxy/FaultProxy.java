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
 * A TCP proxy on 127.0.0.1 with a {@link LinkFault} that can be changed at any time. Safe for use by many threads; each
 * connection has two virtual threads of its own. It holds at most 64 KiB per connection besides what the system buffers.
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
     * A proxy to {@code target} of 127.0.0.1, which needs not be there yet.
     *
     * @param port where it listens, 0 for any free one
     */
    public static FaultProxy to(int target, int port) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new FaultProxy(new ServerSocket(port, BACKLOG, loopback), new InetSocketAddress(loopback, target));
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Makes the link like this for all connections, open ones and new ones, as the fault has it. */
    public void become(LinkFault linkFault) {
        if (linkFault instanceof LinkFault.Vanished) {
            connections.forEach(ProxiedConnection::vanish); // before what waits could slip through
        }
        links.become(linkFault);
        boolean down = linkFault instanceof LinkFault.Down;
        connections.stream()
                .filter(connection -> down || connection.bytesVanished())
                .forEach(ProxiedConnection::reset);
    }

    /** Resets all connections that are open now, as a router does that was restarted; how many there were. */
    public int cut() {
        int cut = 0;
        for (ProxiedConnection connection : connections) {
            connection.reset();
            cut++;
        }
        return cut;
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** How many bytes have gone through, both ways together. */
    public long bytes() {
        return bytes.get();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("fault-proxy-connect").start(() -> connect(client));
            } catch (IOException closed) {
                // or no more files: then the client waits in the backlog
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

    /** Resets all connections and listens no more. Idempotent. */
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
