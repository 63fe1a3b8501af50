package dev.tutti.bench.cluster;

import dev.tutti.TuttiException;
import dev.tutti.bench.TemporaryDirectory;
import dev.tutti.bench.child.Background;
import dev.tutti.cli.cluster.ClusterControl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** {@code tutti cluster} in a process of its own, with its data in a temporary directory. For one thread at a time. */
final class BenchCluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final TemporaryDirectory directory;
    private final int port;
    private final Background program;
    private final ClusterControl control;

    private BenchCluster(TemporaryDirectory directory, int port, Background program, ClusterControl control) {
        this.directory = directory;
        this.port = port;
        this.program = program;
        this.control = control;
    }

    /** Starts {@code instances} behind {@code balancer}, and waits until they can be used. */
    static BenchCluster start(int instances, String balancer, int heapMiB) {
        TemporaryDirectory directory = new TemporaryDirectory("cluster");
        int port = ServerProgram.freePort();
        Path data = directory.path().resolve("data");
        Background program = ServerProgram.start(
                directory.path().resolve("log"),
                heapMiB,
                Map.of(
                        "TUTTI_DATA_DIR",
                        data.toString(),
                        "PORT",
                        Integer.toString(port),
                        "DB_MAX_CONNECTIONS",
                        Integer.toString(10 * (instances + 1)),
                        "LOG_LEVEL",
                        "warn"),
                "cluster",
                Integer.toString(instances),
                "--balancer",
                balancer);
        BenchCluster cluster = new BenchCluster(directory, port, program, new ClusterControl(data));
        try {
            ServerProgram.await(program, START, "the cluster", cluster::isControlled);
            return cluster;
        } catch (RuntimeException failure) {
            cluster.close();
            throw failure;
        }
    }

    /** The control is the last part that starts. */
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

    /** What it and its instances printed last. */
    String printed() {
        return program.printed();
    }

    /** Ends everything and deletes it. */
    @Override
    public void close() {
        program.close();
        directory.close();
    }
}
