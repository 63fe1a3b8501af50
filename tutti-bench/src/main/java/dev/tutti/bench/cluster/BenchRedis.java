package dev.tutti.bench.cluster;

import dev.tutti.bench.BenchException;
import dev.tutti.bench.child.Background;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A Redis of the measurement's own, which keeps nothing, and may be killed and started again at the same port. For one thread. */
final class BenchRedis implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);

    private final Path directory;
    private final int port = ServerProgram.freePort();
    private Background program;

    /** Starts it; its log is in {@code directory}. */
    BenchRedis(Path directory) {
        this.directory = directory;
        program = started();
    }

    private Background started() {
        Background starting = Background.start(
                directory.resolve("redis.log"),
                Map.of(),
                List.of(
                        "redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        "" + port,
                        "--save",
                        "",
                        "--appendonly",
                        "no"));
        try {
            ServerProgram.await(starting, START, "redis-server", this::answers);
            return starting;
        } catch (BenchException failure) {
            starting.close();
            throw failure;
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends it as a crash does. */
    void kill() {
        program.kill();
    }

    /** Starts it again after {@link #kill}. */
    void restart() {
        program = started();
    }

    /** Lets it answer nothing until {@link #thaw}. */
    void freeze() {
        program.freeze();
    }

    /** Lets it go on. */
    void thaw() {
        program.thaw();
    }

    @Override
    public void close() {
        program.close();
    }
}
