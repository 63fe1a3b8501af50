package dev.tutti.testkit.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One connection through a proxy: two sockets, and a virtual thread for each way between them. */
final class Relay {
    private static final int PIECE = 16 * 1024;
    private static final int SLICES_PER_SECOND = 20;

    private final Socket client;
    private final Socket server;
    private final Sky sky;
    private final AtomicLong bytes;
    private final Consumer<Relay> ended;
    private final AtomicInteger open = new AtomicInteger(2);
    private final Thread out = Thread.ofVirtual().name("fault-proxy-out").unstarted(() -> pump(Way.OUT));
    private final Thread back = Thread.ofVirtual().name("fault-proxy-back").unstarted(() -> pump(Way.BACK));
    private volatile boolean bytesVanished;
    private volatile boolean over;

    Relay(Socket client, Socket server, Sky sky, AtomicLong bytes, Consumer<Relay> ended) {
        this.client = client;
        this.server = server;
        this.sky = sky;
        this.bytes = bytes;
        this.ended = ended;
    }

    void start() {
        out.start();
        back.start();
    }

    /** Whether it has lost bytes and so cannot go on. */
    boolean bytesVanished() {
        return bytesVanished;
    }

    /** Both sides see that it was reset. */
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
            // as it shall be
        }
        close(socket);
    }

    private void pump(Way way) {
        Socket from = way == Way.OUT ? client : server;
        Socket to = way == Way.OUT ? server : client;
        byte[] piece = new byte[PIECE];
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream target = to.getOutputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                pass(piece, n, target, way);
            }
            to.shutdownOutput();
            if (open.decrementAndGet() == 0) {
                close(client);
                close(server);
                ended.accept(this);
            }
        } catch (IOException | InterruptedException broken) {
            reset();
        }
    }

    /** Passes on {@code n} bytes, or keeps them for as long as the weather does not let them through. */
    private void pass(byte[] piece, int n, OutputStream target, Way way) throws IOException, InterruptedException {
        int done = 0;
        while (done < n) {
            if (over) {
                throw new IOException("reset");
            }
            Weather weather = sky.now();
            int write = n - done;
            switch (weather) {
                case Weather.Clear() -> {}
                case Weather.Down() -> throw new IOException("down");
                case Weather.Delayed(Duration time) -> sky.awaitChange(weather, time);
                case Weather.Throttled(int bytesPerSecond) -> {
                    write = Math.min(write, bytesPerSecond / SLICES_PER_SECOND);
                    sky.awaitChange(weather, Duration.ofSeconds(1).dividedBy(SLICES_PER_SECOND));
                }
                case Weather.Split() -> write = 1;
                case Weather.Stalled(Way stalled) -> {
                    if (stalled.covers(way)) {
                        sky.awaitChange(weather);
                        continue;
                    }
                }
                case Weather.HalfOpen() -> {
                    bytesVanished = true; // first this, then the look: the proxy does it the other way round
                    if (sky.now().equals(weather)) {
                        return;
                    }
                    throw new IOException("bytes vanished");
                }
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
            // there is nothing else to be done with it
        }
    }
}
