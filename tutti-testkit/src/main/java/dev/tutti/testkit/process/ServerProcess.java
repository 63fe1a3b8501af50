package dev.tutti.testkit.process;

import dev.tutti.testkit.client.Api;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A real server process for tests with faults. {@link #close} kills it together with its embedded PostgreSQL, and so does the end of this
 * JVM. Safe for use by many threads; methods block. Methods about the running process throw an {@link IllegalStateException} if it was
 * never started.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration STANDSTILL = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final int TAIL = 60;
    private static final Set<ServerProcess> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(ServerProcess::close), "end-servers"));
    }

    private final Launch launch;
    private final Api api = new Api(ANSWER);
    private @Nullable Process process;

    private ServerProcess(Launch launch) {
        this.launch = launch;
    }

    /**
     * Starts a server, and blocks until it is ready.
     *
     * @throws IOException if it ends, or is not ready in time; the message has the end of its output
     */
    public static ServerProcess start(Launch launch) throws IOException, InterruptedException {
        ServerProcess server = of(launch);
        try {
            server.start();
            return server;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    /**
     * Starts the server, also again after it has ended, with the same options, and blocks until it is ready.
     *
     * @throws IOException as {@link #awaitReady}
     * @throws IllegalStateException if it is running
     */
    public void start() throws IOException, InterruptedException {
        spawn();
        awaitReady();
    }

    /** A server that is not started yet. */
    public static ServerProcess of(Launch launch) {
        ServerProcess server = new ServerProcess(launch);
        ALIVE.add(server);
        return server;
    }

    /** As {@link #start()}, but does not wait until the server is ready. */
    public synchronized void spawn() throws IOException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("the server is running already");
        }
        ProcessBuilder builder = new ProcessBuilder(Signals.hearingHangups(launch.command()))
                .directory(launch.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile().toFile()));
        builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "LANG"));
        builder.environment().putAll(launch.environment());
        process = builder.start();
        process.getOutputStream().close();
    }

    /**
     * Blocks until {@code /health/ready} answers 200.
     *
     * @throws IOException if the server ends, or is not ready in time; the message has the end of its output
     */
    public void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + launch.patience().toNanos();
        while (!ready()) {
            if (!running().isAlive()) {
                throw new IOException("the server ended with " + running().exitValue() + ":\n" + tail());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the server is not ready after " + launch.patience() + ":\n" + tail());
            }
            running().waitFor(POLL);
        }
    }

    /** Whether {@code /health/ready} answers 200 now. Blocks for at most three seconds. */
    public boolean ready() throws InterruptedException {
        try {
            return api.fetch(launch.address().resolve("/health/ready")).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Kills the server with SIGKILL. Its embedded PostgreSQL continues to run. */
    public void kill() {
        Signals.killAlone(running().toHandle());
    }

    /** Kills the server and its embedded PostgreSQL with SIGKILL, as in a power failure, except that no written data are lost. */
    public void killAll() throws IOException {
        List<ProcessHandle> postgres = Signals.postgresIn(launch.directory());
        Signals.kill(running().toHandle());
        postgres.forEach(Signals::kill);
    }

    /** Kills the embedded PostgreSQL with SIGKILL; returns whether one was running. */
    public boolean killDatabase() throws IOException {
        List<ProcessHandle> postgres = Signals.postgresIn(launch.directory());
        postgres.forEach(Signals::kill);
        return !postgres.isEmpty();
    }

    /**
     * Closes the server with SIGTERM, and blocks until it has ended.
     *
     * @return the exit code
     * @throws IOException if it has not ended within {@code patience}
     */
    public int stop(Duration patience) throws IOException, InterruptedException {
        running().destroy();
        if (!running().waitFor(patience)) {
            throw new IOException("the server did not stop within " + patience + " of SIGTERM:\n" + tail());
        }
        return running().exitValue();
    }

    /**
     * Blocks until the process ends by itself.
     *
     * @return the exit code
     * @throws IOException if it has not ended within {@code patience}
     */
    public int awaitEnd(Duration patience) throws IOException, InterruptedException {
        if (!running().waitFor(patience)) {
            throw new IOException("the program did not end within " + patience + ":\n" + tail());
        }
        return running().exitValue();
    }

    /**
     * Stops the process with SIGSTOP, until {@link #thaw}. Blocks until all its threads are stopped. Does nothing if the process ends at
     * this moment.
     *
     * @throws IOException if it is not stopped within ten seconds, or this thread is interrupted
     */
    public void freeze() throws IOException {
        long deadline = System.nanoTime() + STANDSTILL.toNanos();
        try {
            signal("STOP");
            while (running().isAlive() && !Usage.standsStill(pid())) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("process " + pid() + " still runs " + STANDSTILL + " after SIGSTOP");
                }
                running().waitFor(MOMENT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a process was stopped", interrupted);
        }
    }

    /** Continues the process with SIGCONT. Does nothing if the process ends at this moment. */
    public void thaw() throws IOException {
        try {
            signal("CONT");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a process was let go on", interrupted);
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        try {
            Signals.send(name, pid());
        } catch (IOException refused) {
            boolean ended = running().waitFor(STANDSTILL);
            if (!ended) {
                throw refused;
            }
        }
    }

    /** Whether the process is running. */
    public boolean alive() {
        return running().isAlive();
    }

    /** The process id. */
    public long pid() {
        return running().pid();
    }

    /** The options with which the server is started. */
    public Launch launch() {
        return launch;
    }

    /** The resources that the process holds now, after a full garbage collection. */
    public Usage usage() throws IOException {
        return Usage.of(pid());
    }

    /** The resident memory of the process, in bytes; 0 if it has ended. */
    public long residentBytes() throws IOException {
        return Usage.residentBytes(pid());
    }

    /** The processor time of the process since its last start, without that of its child processes. */
    public Duration processorTime() {
        return running().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Everything that the server has written to standard output and standard error since the first start. */
    public String output() throws IOException {
        Path file = outputFile();
        return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    }

    /** Kills the server and its embedded PostgreSQL. Idempotent. */
    @Override
    public void close() {
        ALIVE.remove(this);
        Process last = current();
        try {
            if (last != null) {
                Signals.kill(last.toHandle());
            }
            killDatabase();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            api.close();
        }
    }

    /** The last 60 lines of the {@link #output}. */
    public String tail() throws IOException {
        List<String> lines = output().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    private Path outputFile() {
        return launch.directory().resolve("output.log");
    }

    private synchronized @Nullable Process current() {
        return process;
    }

    private Process running() {
        Process current = current();
        if (current == null) {
            throw new IllegalStateException("the server was never started");
        }
        return current;
    }
}
