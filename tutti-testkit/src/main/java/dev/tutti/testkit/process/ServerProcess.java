package dev.tutti.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A real server process that a test may treat badly. {@link #close} ends it with all that belongs to it, and so does the
 * end of this JVM. Safe for use by many threads; blocks.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration STANDSTILL = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final int TAIL = 60;
    private static final Set<ServerProcess> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(ServerProcess::close), "end-servers"));
    }

    private final Launch launch;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private @Nullable Process process;

    private ServerProcess(Launch launch) {
        this.launch = launch;
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @throws IOException if it ends, or is not ready in time; with the end of what it wrote
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

    /** Starts it again as it was started first, and waits until it is ready. */
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

    /** Starts it again without waiting. */
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

    /** Waits until {@code /health/ready} says 200. */
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

    /** Whether {@code /health/ready} says 200 now. */
    public boolean ready() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(launch.address().resolve("/health/ready"))
                .timeout(Duration.ofSeconds(3))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Kills the server with SIGKILL, and leaves its PostgreSQL as an orphan. */
    public void kill() {
        Signals.killAlone(running().toHandle());
    }

    /** Kills the server and its PostgreSQL with SIGKILL, as a power failure would (but for what the disk forgets). */
    public void killAll() throws IOException {
        List<ProcessHandle> postgres = Signals.postgresIn(launch.directory());
        Signals.kill(running().toHandle());
        postgres.forEach(Signals::kill);
    }

    /** Kills its PostgreSQL with SIGKILL; whether there was one. */
    public boolean killDatabase() throws IOException {
        List<ProcessHandle> postgres = Signals.postgresIn(launch.directory());
        postgres.forEach(Signals::kill);
        return !postgres.isEmpty();
    }

    /**
     * Stops it with SIGTERM, and waits.
     *
     * @return the exit code
     * @throws IOException if it is still there after {@code patience}
     */
    public int stop(Duration patience) throws IOException, InterruptedException {
        running().destroy();
        if (!running().waitFor(patience)) {
            throw new IOException("the server did not stop within " + patience + " of SIGTERM:\n" + tail());
        }
        return running().exitValue();
    }

    /**
     * Waits until it ends by itself.
     *
     * @return the exit code
     * @throws IOException if it is still there after {@code patience}
     */
    public int awaitEnd(Duration patience) throws IOException, InterruptedException {
        if (!running().waitFor(patience)) {
            throw new IOException("the program did not end within " + patience + ":\n" + tail());
        }
        return running().exitValue();
    }

    /**
     * Stops it where it stands, with SIGSTOP, until {@link #thaw}; returns when all its threads stand still. Without effect if it
     * ends at this moment.
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

    /** Lets it go on, with SIGCONT. Without effect if it ends at this moment. */
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

    /** Whether the process is there. */
    public boolean alive() {
        return running().isAlive();
    }

    /** The process id. */
    public long pid() {
        return running().pid();
    }

    /** How it was started. */
    public Launch launch() {
        return launch;
    }

    /** The resources that it holds now, after a full collection. */
    public Usage usage() throws IOException {
        return Usage.of(pid());
    }

    /** The memory that it has in RAM now, in bytes; 0 if it is gone. */
    public long residentBytes() throws IOException {
        return Usage.residentBytes(pid());
    }

    /** The processor time that it has used since it was started last, without that of its children. */
    public Duration processorTime() {
        return running().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Everything it has written to standard output and standard error since the first start. */
    public String output() throws IOException {
        Path file = outputFile();
        return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    }

    /** Ends it at once, with its PostgreSQL. */
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
            http.close();
        }
    }

    /** The last 60 lines of its {@link #output}. */
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
