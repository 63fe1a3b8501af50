package dev.tutti.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PgBouncer on loopback, in transaction mode. It needs the program {@code pgbouncer}. {@link #close} ends it. For one thread.
 */
public final class PgBouncerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Path directory;
    private final int port;
    private final Process process;

    private PgBouncerProcess(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts a PgBouncer in front of the PostgreSQL at {@code serverPort} of loopback, and blocks until it accepts connections.
     *
     * @param poolSize the most connections to PostgreSQL
     */
    public static PgBouncerProcess start(int serverPort, String user, String password, int poolSize)
            throws IOException, InterruptedException {
        // PgBouncer does not run as root; the other user must be able to read its files
        Path directory = Files.createTempDirectory(
                "pgbouncer", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        int port = Ports.free();
        Files.writeString(directory.resolve("users"), "\"%s\" \"%s\"\n".formatted(user, password));
        Path configuration = Files.writeString(directory.resolve("pgbouncer.ini"), """
                [databases]
                * = host=127.0.0.1 port=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %s
                unix_socket_dir =
                auth_type = trust
                auth_file = %s
                pool_mode = transaction
                default_pool_size = %s
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                        serverPort, port, directory.resolve("users"), poolSize));
        List<String> command = new ArrayList<>(List.of("pgbouncer"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(configuration.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        PgBouncerProcess started = new PgBouncerProcess(directory, port, process);
        started.awaitPort();
        return started;
    }

    private void awaitPort() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                String log = Files.readString(directory.resolve("log"));
                close();
                throw new IOException("pgbouncer does not listen:\n" + log);
            }
            boolean ended = process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
            assert ended || process.isAlive();
        }
    }

    private boolean listens() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The port of the PgBouncer. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
