package dev.tutti.testkit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis on loopback for tests with faults: a server, a Sentinel, or a node of a cluster. It stores no data on disk, and needs the
 * programs {@code redis-server} and {@code redis-cli}, version 7. {@link #close} kills it, and so does the end of this JVM. Safe for use by
 * many threads; blocks for at most half a minute.
 */
public final class RedisProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Set<RedisProcess> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(RedisProcess::close), "end-redis"));
    }

    private final Path directory;
    private final int port;
    private final List<String> command;
    private @Nullable Process process;

    private RedisProcess(Path directory, int port, List<String> command) {
        this.directory = directory;
        this.port = port;
        this.command = command;
    }

    /**
     * Starts a server, and blocks until it accepts connections.
     *
     * @param directory the directory of its log; must exist
     * @param options additional options, such as {@code "--requirepass", "secret"}
     * @throws IOException if {@code redis-server} is not on the path, or does not become ready
     */
    public static RedisProcess server(Path directory, String... options) throws IOException, InterruptedException {
        int port = Ports.free();
        return started(directory, port, command(directory, port, List.of(options)));
    }

    /** Starts a server that accepts only TLS connections. */
    public static RedisProcess tls(Path directory, Path certificate, Path key, String... options)
            throws IOException, InterruptedException {
        int port = Ports.free();
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--tls-port", "" + port, "--tls-auth-clients", "no"));
        all.addAll(List.of("--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString()));
        return started(directory, port, command(directory, 0, all));
    }

    /** Starts a Sentinel of {@code master}, which it calls {@code main}. It decides alone that the master is down, after half a second. */
    public static RedisProcess sentinel(Path directory, RedisProcess master) throws IOException, InterruptedException {
        int port = Ports.free();
        Path configuration = Files.writeString(
                directory.resolve("sentinel-" + port + ".conf"), """
                bind 127.0.0.1
                port %s
                dir %s
                sentinel monitor main 127.0.0.1 %s 1
                sentinel down-after-milliseconds main 500
                sentinel failover-timeout main 3000
                """.formatted(port, directory, master.port));
        return started(directory, port, List.of("redis-server", configuration.toString(), "--sentinel"));
    }

    /** Starts a cluster of {@code size} masters. When some slots are lost, it continues to serve the others. */
    public static List<RedisProcess> cluster(Path directory, int size) throws IOException, InterruptedException {
        int slots = 16_384;
        List<RedisProcess> nodes = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            RedisProcess node = node(directory, nodes.isEmpty() ? null : nodes.getFirst());
            nodes.add(node);
            node.cli("cluster", "addslotsrange", "" + slots * number / size, "" + (slots * (number + 1) / size - 1));
        }
        for (RedisProcess node : nodes) {
            node.await(() -> node.cli("cluster", "info").contains("cluster_state:ok")
                    && node.cli("cluster", "info").contains("cluster_slots_ok:" + slots));
        }
        return nodes;
    }

    /** Starts a replica of {@code master}, a node of a cluster; it takes over when the master fails. */
    public static RedisProcess replica(Path directory, RedisProcess master) throws IOException, InterruptedException {
        RedisProcess replica = node(directory, master);
        String id = master.id();
        replica.await(() -> replica.cli("cluster", "nodes").contains(id));
        replica.cli("cluster", "replicate", id);
        replica.await(() -> replica.cli("role").contains("connected"));
        return replica;
    }

    private static RedisProcess node(Path directory, @Nullable RedisProcess met)
            throws IOException, InterruptedException {
        String busPort = "" + Ports.free();
        List<String> options = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-port", busPort));
        options.addAll(List.of("--cluster-config-file", "nodes-" + busPort + ".conf"));
        options.addAll(List.of("--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no"));
        RedisProcess node = server(directory, options.toArray(String[]::new));
        if (met != null) {
            met.cli("cluster", "meet", "127.0.0.1", "" + node.port, busPort);
        }
        return node;
    }

    private static List<String> command(Path directory, int port, List<String> options) {
        List<String> command = new ArrayList<>(List.of("redis-server", "--bind", "127.0.0.1", "--port", "" + port));
        command.addAll(List.of("--dir", directory.toString(), "--save", "", "--appendonly", "no"));
        command.addAll(options);
        return command;
    }

    private static RedisProcess started(Path directory, int port, List<String> command)
            throws IOException, InterruptedException {
        RedisProcess redis = new RedisProcess(directory, port, command);
        ALIVE.add(redis);
        try {
            redis.start();
            return redis;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            redis.close();
            throw failure;
        }
    }

    /** Starts this Redis again on the same port, without data, if it is not running; blocks until it accepts connections. */
    public synchronized void start() throws IOException, InterruptedException {
        if (process != null && process.isAlive()) {
            return;
        }
        Path log = directory.resolve("redis-" + port + ".log");
        long before = Files.exists(log) ? Files.size(log) : 0;
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        await(() -> ready(log, before));
    }

    /** Whether the log of this process says that it listens. A connection would not prove it: another process may have the port. */
    private boolean ready(Path log, long before) throws IOException {
        if (!running().isAlive()) {
            throw new IOException("redis-server ended; " + log + " says why");
        }
        byte[] said = Files.readAllBytes(log);
        String lines = new String(said, (int) before, said.length - (int) before, StandardCharsets.UTF_8);
        return lines.contains("Ready to accept connections") || lines.contains("Sentinel ID is");
    }

    /** A condition to wait for. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the Redis at port " + port + " is not ready after " + PATIENCE);
            }
            boolean _ = running().waitFor(POLL);
        }
    }

    /** Kills this Redis with SIGKILL, and blocks until it has ended. */
    public synchronized void kill() {
        if (process != null) {
            Signals.kill(process.toHandle());
        }
    }

    /** Stops this Redis with SIGSTOP, until {@link #thaw}: it keeps its connections, but does not answer. */
    public void freeze() throws IOException {
        Signals.send("STOP", running().pid());
    }

    /** Continues this Redis with SIGCONT. */
    public void thaw() throws IOException {
        Signals.send("CONT", running().pid());
    }

    /** Deletes all data of a server without TLS and password; does nothing if it is not running. */
    public synchronized void flush() throws IOException, InterruptedException {
        if (!running().isAlive()) {
            return;
        }
        String answer = cli("flushall").strip();
        if (!answer.equals("OK")) {
            throw new IOException("the Redis at port " + port + " answers FLUSHALL with " + answer);
        }
    }

    /** Makes {@code to} the master of {@code slot}, which has no keys, in the cluster of {@code nodes}. */
    public static void moveSlot(List<RedisProcess> nodes, String slot, RedisProcess to)
            throws IOException, InterruptedException {
        RedisProcess other =
                nodes.stream().filter(node -> node != to).findFirst().orElseThrow();
        // the node that imports a slot then has a newer epoch; otherwise the previous owner may get it back by gossip
        to.cli("cluster", "setslot", slot, "importing", other.id());
        to.cli("cluster", "setslot", slot, "node", to.id());
        for (RedisProcess node : nodes) {
            node.cli("cluster", "setslot", slot, "node", to.id());
        }
    }

    /**
     * Runs a command with {@code redis-cli}, without TLS and password, and returns its output.
     *
     * @throws IOException if it fails, or takes longer than 20 seconds
     */
    public String cli(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("redis-cli", "-h", "127.0.0.1", "-p", "" + port));
        line.addAll(List.of(words));
        Process cli = new ProcessBuilder(line).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(cli::destroyForcibly); // redis-cli waits without end for a stopped server
        cli.getOutputStream().close();
        String answer = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = cli.waitFor(PATIENCE);
        if (!ended || cli.exitValue() != 0) {
            throw new IOException("redis-cli " + String.join(" ", words) + ": " + answer);
        }
        return answer;
    }

    /** The id of this node in its cluster. */
    public String id() throws IOException, InterruptedException {
        return cli("cluster", "myid").strip();
    }

    /** The number of connections with the client name {@code name}. */
    public int connections(String name) throws IOException, InterruptedException {
        return (int) cli("client", "list")
                .lines()
                .filter(client -> client.contains(" name=" + name + " "))
                .count();
    }

    /** Ends the connections with the client name {@code name}, and returns their number. */
    public int cut(String name) throws IOException, InterruptedException {
        int connections = 0;
        for (String client : cli("client", "list").lines().toList()) {
            if (client.contains(" name=" + name + " ")) {
                cli("client", "kill", "id", client.substring("id=".length(), client.indexOf(' ')));
                connections++;
            }
        }
        return connections;
    }

    private synchronized Process running() {
        if (process == null) {
            throw new IllegalStateException("the Redis at port " + port + " was never started");
        }
        return process;
    }

    /** The URL of a server without TLS and password. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Kills this Redis. Idempotent. */
    @Override
    public void close() {
        ALIVE.remove(this);
        kill();
    }
}
