package dev.tutti.bench.cluster;

import dev.tutti.TuttiException;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.TemporaryDirectory;
import dev.tutti.cli.cluster.ClusterControl;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** {@code tutti cluster} in a process of its own, with its data in a temporary directory. For one thread at a time. */
final class BenchCluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final TemporaryDirectory directory;
    private final int port;
    private final ServerProcess process;
    private final ClusterControl control;

    private BenchCluster(TemporaryDirectory directory, int port, ServerProcess process, ClusterControl control) {
        this.directory = directory;
        this.port = port;
        this.process = process;
        this.control = control;
    }

    /** Starts {@code instances} behind {@code balancer}, and waits until they can be used. */
    static BenchCluster start(int instances, String balancer, int heapMiB) throws IOException {
        TemporaryDirectory directory = new TemporaryDirectory("cluster");
        int port = Ports.free();
        Path data = directory.path().resolve("data");
        ServerProcess process = ServerProgram.spawn(
                directory.path(),
                port,
                heapMiB,
                Map.of("TUTTI_DATA_DIR", data.toString(), "DB_MAX_CONNECTIONS", Integer.toString(10 * (instances + 1))),
                "cluster",
                Integer.toString(instances),
                "--balancer",
                balancer);
        BenchCluster cluster = new BenchCluster(directory, port, process, new ClusterControl(data));
        try {
            cluster.awaitControl();
            return cluster;
        } catch (IOException | RuntimeException failure) {
            cluster.close();
            throw failure;
        }
    }

    /** The control is the last part that starts. */
    private void awaitControl() throws IOException {
        long until = System.nanoTime() + START.toNanos();
        while (!isControlled()) {
            if (!process.alive() || System.nanoTime() - until > 0) {
                throw new BenchException("the cluster does not start; it said: " + printed());
            }
            Pauses.of(LOOK);
        }
    }

    private boolean isControlled() {
        try {
            control.ask("status", _ -> {});
            return true;
        } catch (TuttiException notYet) {
            return false;
        }
    }

    /** Where its balancer listens. */
    int port() {
        return port;
    }

    /** Restarts one instance after the other, and waits for that. */
    void restart() {
        control.ask("restart", _ -> {});
    }

    /** The last lines that it and its instances printed. */
    String printed() throws IOException {
        return process.tail();
    }

    /** Ends everything and deletes it. */
    @Override
    public void close() {
        ServerProgram.end(process);
        directory.close();
    }
}
