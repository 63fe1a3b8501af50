package dev.tutti.faults.cluster;

import dev.tutti.testkit.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@code redis-server} that keeps nothing on disk. Safe for use by many threads; blocks. */
final class FaultRedis implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int READ_MILLIS = 5_000;

    private final Path directory;
    private final int port;
    private @Nullable Process process;

    private FaultRedis(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @throws IOException if there is none on the path, or it does not answer
     */
    static FaultRedis start(Path directory) throws IOException {
        FaultRedis redis = new FaultRedis(directory, Ports.free());
        redis.start();
        return redis;
    }

    int port() {
        return port;
    }

    /** Starts it, empty, if it is not running, and waits until it answers. */
    synchronized void start() throws IOException {
        if (process != null && process.isAlive()) {
            return;
        }
        process = new ProcessBuilder(List.of(
                        "redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--save",
                        "",
                        "--appendonly",
                        "no"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile())
                .start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                stop();
                throw new IOException("redis-server does not answer; see " + directory.resolve("redis.log"));
            }
        }
    }

    private boolean answers() {
        try {
            say("PING", "+PONG");
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** SIGKILL. */
    synchronized void stop() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Forgets everything. */
    synchronized void flush() throws IOException {
        if (process != null && process.isAlive()) {
            say("FLUSHALL", "+OK");
        }
    }

    private void say(String command, String expected) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(READ_MILLIS);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readNBytes(expected.length()), StandardCharsets.US_ASCII);
            if (!answer.equals(expected)) {
                throw new IOException("redis answers " + command + " with " + answer);
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
