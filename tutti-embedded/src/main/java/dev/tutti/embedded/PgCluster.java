package dev.tutti.embedded;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory of one PostgreSQL and the programs that work on it. Used by one thread at a time, which holds the
 * {@link DirectoryLock}.
 */
final class PgCluster {
    static final String USER = "tutti";

    /** The options of a new database, the same on every machine. */
    static final List<String> INIT_OPTIONS = List.of(
            "--username=" + USER,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions");

    private static final Logger LOG = LoggerFactory.getLogger(PgCluster.class);
    private static final Duration INIT_LIMIT = Duration.ofMinutes(2);
    private static final Duration START_LIMIT = Duration.ofMinutes(5); // recovery after a crash may take its time
    private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(15);
    private static final Duration SHORTEST_STOP_LIMIT = Duration.ofSeconds(1); // pg_ctl counts in seconds
    private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(10);
    private static final Pattern NOT_IN_PATHS = Pattern.compile("[$`\"\\\\\r\n]");
    private static final int START_ATTEMPTS = 40;
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final EmbeddedSettings settings;
    private final OsUser identity;
    private final Binaries binaries;
    private final Path data;

    PgCluster(EmbeddedSettings settings, OsUser identity, Binaries binaries) {
        this.settings = settings;
        this.identity = identity;
        this.binaries = binaries;
        this.data = settings.directory().resolve("data");
    }

    /** Its password, made at the first call. */
    String password() throws IOException {
        Path file = settings.directory().resolve("password");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Path unfinished = settings.directory().resolve("password.new");
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, HexFormat.of().formatHex(random), StandardOpenOption.DSYNC);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    /** Makes the data directory if there is none; it gets its name when it is complete. */
    void initialise() throws IOException {
        requirePath(data);
        requirePath(Path.of(binaries.program("postgres")));
        password();
        Files.createDirectories(settings.directory().resolve("log"));
        Path unfinished = settings.directory().resolve("data.new");
        Trees.delete(unfinished);
        identity.own(settings.directory());
        if (!identity.run(INIT_LIMIT, List.of("test", "-w", settings.directory().toString()))
                        .succeeded()
                || !identity.run(INIT_LIMIT, List.of("test", "-x", binaries.program("postgres")))
                        .succeeded()) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    "PostgreSQL, which does not run as root, cannot enter " + settings.directory() + " or "
                            + binaries.home() + "; let others traverse the directories above them, or set"
                            + " TUTTI_DATA_DIR to another place");
        }
        if (exists()) {
            return;
        }
        identity.requireName();
        LOG.info("Making a new database in {}", settings.directory());
        ShortPrograms.Outcome outcome = identity.run(
                INIT_LIMIT,
                Stream.concat(
                                Stream.of(
                                        binaries.program("initdb"),
                                        "--pgdata=" + unfinished,
                                        "--pwfile=" + settings.directory().resolve("password")),
                                INIT_OPTIONS.stream())
                        .toList());
        if (!outcome.succeeded()) {
            throw failed("could not make a database in " + settings.directory(), outcome.output());
        }
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whether the data directory is there, which is complete then. */
    boolean exists() {
        return Files.isDirectory(data);
    }

    /** Takes data and password from {@code template}, a directory like its own whose database does not run. */
    void copy(Path template) throws IOException {
        Path password = settings.directory().resolve("password.new");
        Files.copy(
                template.resolve("password"),
                password,
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        identity.own(password);
        Files.move(password, settings.directory().resolve("password"), StandardCopyOption.ATOMIC_MOVE);
        Path unfinished = settings.directory().resolve("data.new");
        Trees.delete(unfinished);
        Trees.copy(template.resolve("data"), unfinished);
        identity.own(unfinished);
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** PostgreSQL's programs start one another through a shell, with paths in double quotes. */
    private static void requirePath(Path path) {
        if (NOT_IN_PATHS.matcher(path.toAbsolutePath().toString()).find()) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    "PostgreSQL cannot be in '" + path.toAbsolutePath()
                            + "': its path must have none of $ ` \" \\ and no"
                            + " line break; set TUTTI_DATA_DIR to another place");
        }
    }

    /** Starts it on {@code port}, or on a free one if that is 0, and answers which. */
    int start(int port) throws IOException {
        Path log = settings.directory().resolve("start.log");
        for (int attempt = 1; ; attempt++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted before it was started");
            }
            int chosen = port == 0 ? freePort() : port;
            Files.deleteIfExists(log);
            ShortPrograms.Outcome outcome = identity.run(START_LIMIT, startCommand(chosen, log));
            if (outcome.succeeded()) {
                return chosen;
            }
            String said = Files.exists(log) ? Files.readString(log) : outcome.output();
            // Both pass: somebody else took the port, or the last processes of a killed server are still ending.
            boolean passing =
                    said.contains("Address already in use") || said.contains("pre-existing shared memory block");
            if (!passing || attempt == START_ATTEMPTS) {
                throw failed("PostgreSQL did not start in " + settings.directory(), said);
            }
            pause();
        }
    }

    /** Ends what a killed process left running here, and only that. */
    void endLeftover() throws IOException {
        Optional<PidFile> file = PidFile.in(data);
        if (file.isEmpty()) {
            return;
        }
        Optional<ProcessHandle> ours = file.get().postmaster();
        if (ours.isPresent()) {
            LOG.info(
                    "Ending PostgreSQL process {}, left behind in {}",
                    ours.get().pid(),
                    settings.directory());
            stop();
        } else {
            file.get().forgetPid();
        }
    }

    boolean running() throws IOException {
        return PidFile.in(data).flatMap(PidFile::postmaster).isPresent();
    }

    /** Ends it in bounded time. */
    void stop() throws IOException {
        stop(FAST_STOP_LIMIT.plus(IMMEDIATE_STOP_LIMIT));
    }

    /** Ends it: for two thirds of {@code bound} in order, then at once, which the next start recovers from. */
    void stop(Duration bound) throws IOException {
        Duration inOrder = least(bound.multipliedBy(2).dividedBy(3), FAST_STOP_LIMIT);
        if (!running() || (inOrder.compareTo(SHORTEST_STOP_LIMIT) >= 0 && stop("fast", inOrder))) {
            return;
        }
        LOG.warn("PostgreSQL did not end in order within {}; ending it at once", inOrder);
        if (!stop("immediate", IMMEDIATE_STOP_LIMIT) && running()) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "PostgreSQL in " + settings.directory() + " does not end; its process id is in "
                            + data.resolve("postmaster.pid"));
        }
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean stop(String mode, Duration limit) throws IOException {
        return identity.run(
                        limit.plusSeconds(5),
                        List.of(
                                binaries.program("pg_ctl"),
                                "stop",
                                "-D",
                                data.toString(),
                                "-m",
                                mode,
                                "-w",
                                "-t",
                                Long.toString(limit.toSeconds())))
                .succeeded();
    }

    // pg_ctl gives the server a session of its own, so that Ctrl-C at the terminal does not end it under Tutti's feet.
    private List<String> startCommand(int port, Path log) {
        String options = String.join(
                " ",
                "-c listen_addresses=127.0.0.1",
                "-c port=" + port,
                "-c unix_socket_directories=",
                "-c max_connections=" + settings.maxConnections(),
                "-c shared_buffers=" + settings.sharedBuffersMiB() + "MB",
                "-c fsync=on",
                "-c synchronous_commit=on",
                "-c full_page_writes=on",
                "-c jit=off",
                "-c timezone=UTC",
                "-c log_timezone=UTC",
                "-c lc_messages=C",
                "-c log_checkpoints=off",
                "-c logging_collector=on", // one file per weekday, overwritten after a week
                "-c log_directory=../log",
                "-c log_filename=postgres-%a.log",
                "-c log_truncate_on_rotation=on",
                "-c log_rotation_age=1d",
                "-c log_rotation_size=0");
        return List.of(
                binaries.program("pg_ctl"),
                "start",
                "-D",
                data.toString(),
                "-l",
                log.toString(),
                "-o",
                options,
                "-w",
                "-t",
                Long.toString(START_LIMIT.toSeconds() - 10));
    }

    private TuttiException failed(String what, String output) {
        return new TuttiException(
                ErrorCode.UNAVAILABLE,
                what + " (more in " + settings.directory().resolve("log") + "): "
                        + output.substring(Math.max(0, output.length() - 2000)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL was starting", e);
        }
    }
}
