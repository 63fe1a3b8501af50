package dev.tutti.faults.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Asks {@code /health/live} as a supervisor does: from an address of its own, each time over a new connection; and, in
 * turn, a {@link BareServer}. Blocks; runs on a platform thread and a bare socket, so that what the bench's own clients do
 * delays it as little as can be.
 */
final class LivenessProbe implements Runnable {
    /** How long it waits, and how slow an answer counts that does not come. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long PAUSE_NANOS = 10_000_000;
    private static final byte[] REQUEST =
            "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final URI server;
    private final URI bare;
    private final BooleanSupplier goOn;
    private final Latencies live = new Latencies();
    private final Latencies baseline = new Latencies();

    /** Asks {@code server} and {@code bare} in turn until {@code goOn} says no. */
    LivenessProbe(URI server, URI bare, BooleanSupplier goOn) {
        this.server = server;
        this.bare = bare;
        this.goOn = goOn;
    }

    @Override
    public void run() {
        while (goOn.getAsBoolean()) {
            measure(server, live);
            measure(bare, baseline);
        }
    }

    /** How long each answer of the server took. */
    Latencies live() {
        return live;
    }

    /** How long each answer of the bare server took; as many as {@link #live}. */
    Latencies baseline() {
        return baseline;
    }

    private static void measure(URI asked, Latencies latencies) {
        long begin = System.nanoTime();
        try {
            ask(asked);
        } catch (IOException none) {
            begin = System.nanoTime() - PATIENCE.toNanos();
        }
        latencies.add(System.nanoTime() - begin);
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private static void ask(URI asked) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(asked.getHost(), asked.getPort()), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(REQUEST);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("the server is not alive: " + answer);
            }
        }
    }
}
