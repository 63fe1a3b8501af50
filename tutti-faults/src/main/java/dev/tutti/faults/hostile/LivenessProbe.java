package dev.tutti.faults.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Asks {@code /health/live} as a supervisor does: from an address of its own, each time over a new connection. Blocks; runs on
 * a platform thread, so that what the bench's own clients do delays it as little as can be.
 */
final class LivenessProbe implements Runnable {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final byte[] REQUEST =
            "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final URI server;
    private final Latencies latencies;
    private final BooleanSupplier goOn;

    /** Asks {@code server} until {@code goOn} says no, and adds how long each answer took. */
    LivenessProbe(URI server, Latencies latencies, BooleanSupplier goOn) {
        this.server = server;
        this.latencies = latencies;
        this.goOn = goOn;
    }

    @Override
    public void run() {
        while (goOn.getAsBoolean()) {
            long begin = System.nanoTime();
            try {
                ask();
            } catch (IOException none) {
                begin = System.nanoTime()
                        - PATIENCE_MILLIS * 1_000_000L; // an answer that does not come counts as the slowest
            }
            latencies.add(System.nanoTime() - begin);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void ask() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(REQUEST);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("the server is not alive: " + answer);
            }
        }
    }
}
