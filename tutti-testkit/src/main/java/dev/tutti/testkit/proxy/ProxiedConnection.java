package dev.tutti.testkit.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One connection through a proxy: two sockets, and a virtual thread for each direction between them. */
final class ProxiedConnection {
    private static final int PIECE = 16 * 1024;
    private static final int SLICES_PER_SECOND = 20;

    private final Socket client;
    private final Socket server;
    private final LinkState links;
    private final AtomicLong bytes;
    private final Consumer<ProxiedConnection> ended;
    private final AtomicInteger open = new AtomicInteger(2);
    private final Thread out = Thread.ofVirtual().name("fault-proxy-out").unstarted(() -> pump(Direction.OUT));
    private final Thread back = Thread.ofVirtual().name("fault-proxy-back").unstarted(() -> pump(Direction.BACK));
    private volatile boolean bytesVanished;
    private volatile boolean vanished;
    private volatile boolean over;

    ProxiedConnection(
            Socket client, Socket server, LinkState links, AtomicLong bytes, Consumer<ProxiedConnection> ended) {
        this.client = client;
        this.server = server;
        this.links = links;
        this.bytes = bytes;
        this.ended = ended;
    }

    void start() {
        out.start();
        back.start();
    }

    /** Whether the connection has lost data, or is lost itself, and so cannot continue. */
    boolean bytesVanished() {
        return bytesVanished || (vanished && !(links.now() instanceof LinkFault.Vanished));
    }

    /** Lets nothing pass from now on in either direction, until the connection is reset. */
    void vanish() {
        vanished = true;
    }

    /** Resets the connection for both sides. */
    void reset() {
        over = true;
        reset(client);
        reset(server);
        out.interrupt();
        back.interrupt();
        ended.accept(this);
    }

    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException closed) {
            // closed, as intended
        }
        close(socket);
    }

    private void pump(Direction way) {
        Socket from = way == Direction.OUT ? client : server;
        Socket to = way == Direction.OUT ? server : client;
        byte[] piece = new byte[PIECE];
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream target = to.getOutputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                pass(piece, n, target, way);
            }
            if (vanished) {
                return; // the end of one side does not pass
            }
            to.shutdownOutput();
            if (open.decrementAndGet() == 0) {
                close(client);
                close(server);
                ended.accept(this);
            }
        } catch (IOException | InterruptedException broken) {
            if (!vanished) {
                reset();
            }
        }
    }

    /** Passes on {@code n} bytes, or holds them for as long as the fault does not let them pass. */
    private void pass(byte[] piece, int n, OutputStream target, Direction way)
            throws IOException, InterruptedException {
        int done = 0;
        while (done < n) {
            if (over) {
                throw new IOException("reset");
            }
            LinkFault linkFault = links.now();
            int write = n - done;
            switch (linkFault) {
                case LinkFault.Clear() -> {}
                case LinkFault.Vanished() -> {}
                case LinkFault.Down() -> throw new IOException("down");
                case LinkFault.Delayed(Duration time) -> links.awaitChange(linkFault, time);
                case LinkFault.Throttled(int bytesPerSecond) -> {
                    write = Math.min(write, bytesPerSecond / SLICES_PER_SECOND);
                    links.awaitChange(linkFault, Duration.ofSeconds(1).dividedBy(SLICES_PER_SECOND));
                }
                case LinkFault.Split() -> write = 1;
                case LinkFault.Stalled(Direction stalled) -> {
                    if (stalled.covers(way)) {
                        links.awaitChange(linkFault);
                        continue;
                    }
                }
                case LinkFault.HalfOpen() -> {
                    bytesVanished = true; // set before the fault is read; the proxy does this in the reverse order
                    if (links.now().equals(linkFault)) {
                        return;
                    }
                    throw new IOException("bytes vanished");
                }
            }
            if (vanished) {
                return;
            }
            target.write(piece, done, write);
            done += write;
            bytes.addAndGet(write);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            // nothing else can be done
        }
    }
}
