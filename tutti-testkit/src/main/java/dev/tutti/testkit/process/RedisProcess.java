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
 * A real Redis on loopback that may be treated badly: a server, a Sentinel, or a node of a cluster. It keeps no data on disk, and
 * needs {@code redis-server} and {@code redis-cli}, version 7. {@link #close} ends it, and so does the end of this JVM. Safe for use
 * by many threads, which wait for one another where they start, flush or kill it; blocks, for half a minute at most.
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
     * Starts a server, and waits until it can be connected to.
     *
     * @param directory where it writes its log; must exist
     * @param options more of its configuration, such as {@code "--requirepass", "secret"}
     * @throws IOException if there is none on the path, or it does not answer
     */
    public static RedisProcess server(Path directory, String... options) throws IOException, InterruptedException {
        int port = Ports.free();
        return started(directory, port, command(directory, port, List.of(options)));
    }

    /** Starts a server that takes TLS connections only. */
    public static RedisProcess tls(Path directory, Path certificate, Path key, String... options)
            throws IOException, InterruptedException {
        int port = Ports.free();
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--tls-port", "" + port, "--tls-auth-clients", "no"));
        all.addAll(List.of("--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString()));
        return started(directory, port, command(directory, 0, all));
    }

    /** Starts a Sentinel that alone decides, after half a second, that {@code master}, called {@code main}, is away. */
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

    /** Starts a cluster of {@code size} masters that goes on with the slots it has when some are lost. */
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

    /** Starts a node that takes the place of {@code master}, which is of a cluster, when that one is lost. */
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

    /** Starts it again on the same port, empty, if it does not run, and waits until it can be connected to. */
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

    /** Whether this process says that it listens: another one's port would answer too. */
    private boolean ready(Path log, long before) throws IOException {
        if (!running().isAlive()) {
            throw new IOException("redis-server ended; " + log + " says why");
        }
        byte[] said = Files.readAllBytes(log);
        String lines = new String(said, (int) before, said.length - (int) before, StandardCharsets.UTF_8);
        return lines.contains("Ready to accept connections") || lines.contains("Sentinel ID is");
    }

    /** A condition that may have come true. */
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

    /** Kills it with SIGKILL, and waits until it is gone. */
    public synchronized void kill() {
        if (process != null) {
            Signals.kill(process.toHandle());
        }
    }

    /** Stops it where it stands, with SIGSTOP, until {@link #thaw}: it keeps its connections, and answers nothing. */
    public void freeze() throws IOException {
        Signals.send("STOP", running().pid());
    }

    /** Lets it go on, with SIGCONT. */
    public void thaw() throws IOException {
        Signals.send("CONT", running().pid());
    }

    /** Has a server without TLS and password forget everything; one that does not run has nothing to forget. */
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
        // who imports a slot has a newer epoch then; otherwise the one who had it may win it back by gossip
        to.cli("cluster", "setslot", slot, "importing", other.id());
        to.cli("cluster", "setslot", slot, "node", to.id());
        for (RedisProcess node : nodes) {
            node.cli("cluster", "setslot", slot, "node", to.id());
        }
    }

    /** The answer of {@code redis-cli} to a command, without TLS and password, within 20 seconds. */
    public String cli(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("redis-cli", "-h", "127.0.0.1", "-p", "" + port));
        line.addAll(List.of(words));
        Process cli = new ProcessBuilder(line).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(cli::destroyForcibly); // it waits for ever for one that stands still
        cli.getOutputStream().close();
        String answer = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = cli.waitFor(PATIENCE);
        if (!ended || cli.exitValue() != 0) {
            throw new IOException("redis-cli " + String.join(" ", words) + ": " + answer);
        }
        return answer;
    }

    /** The id by which its cluster calls it. */
    public String id() throws IOException, InterruptedException {
        return cli("cluster", "myid").strip();
    }

    /** How many connections call themselves {@code name}. */
    public int connections(String name) throws IOException, InterruptedException {
        return (int) cli("client", "list")
                .lines()
                .filter(client -> client.contains(" name=" + name + " "))
                .count();
    }

    /** Cuts the connections that call themselves {@code name}; how many they were. */
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

    /** Where it listens on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Ends it at once. */
    @Override
    public void close() {
        ALIVE.remove(this);
        kill();
    }
}
