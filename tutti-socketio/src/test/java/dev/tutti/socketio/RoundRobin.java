package dev.tutti.socketio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A balancer that knows nothing of sessions: each TCP connection goes to the next instance of a cluster. */
final class RoundRobin implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();
    private final SocketCluster cluster;
    private final int size;

    RoundRobin(SocketCluster cluster, int size) throws IOException {
        this.cluster = cluster;
        this.size = size;
        Thread.startVirtualThread(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    private void accept() {
        try {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                int instance = next.getAndIncrement() % size;
                Socket server = new Socket(
                        InetAddress.getLoopbackAddress(),
                        cluster.at(instance).edge.port());
                open.add(client);
                open.add(server);
                Thread.startVirtualThread(() -> pump(client, server));
                Thread.startVirtualThread(() -> pump(server, client));
            }
        } catch (IOException closed) {
            close();
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            // the other side sees it closed as well
        }
    }

    @Override
    public void close() {
        try (listening) {
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException unclosed) {
            throw new IllegalStateException("sockets of the balancer could not be closed", unclosed);
        }
    }
}
