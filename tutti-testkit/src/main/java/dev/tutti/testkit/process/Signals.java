package dev.tutti.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Sends signals to processes that a test has started, and finds the PostgreSQL servers of a directory. Stateless. */
public final class Signals {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PID_FILE = "postmaster.pid";
    private static final int DEPTH = 6;

    private Signals() {}

    /** Sends SIGKILL to the process and its descendants, and blocks until they have ended. */
    static void kill(ProcessHandle process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.addFirst(process);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Signals::awaitEnd);
    }

    /** Sends SIGKILL to the process alone, and blocks until it has ended. */
    static void killAlone(ProcessHandle process) {
        process.destroyForcibly();
        awaitEnd(process);
    }

    /**
     * Sends a signal to the process {@code pid}.
     *
     * @param name the name of the signal as in the program {@code kill}, such as {@code STOP}
     * @throws IOException if it cannot be sent, for example because the process has ended
     */
    public static void send(String name, long pid) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .redirectErrorStream(true)
                .start();
        try {
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IOException("signal " + name + " could not be sent to process " + pid);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending a signal", interrupted);
        } finally {
            kill.destroyForcibly();
        }
    }

    /**
     * A command that runs {@code command} with the default handling of SIGHUP. It is needed where this process ignores SIGHUP, as below
     * {@code nohup}: child processes inherit ignored signals.
     */
    public static List<String> hearingHangups(List<String> command) {
        if (!ignoresHangups()) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        whole.addAll(command);
        return whole;
    }

    /** Whether this process ignores SIGHUP, by the mask of ignored signals that Linux reports in hexadecimal digits. */
    private static boolean ignoresHangups() {
        if (!Files.isReadable(STATUS)) {
            return false;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> Character.digit(line.charAt(line.length() - 1), 16) % 2 == 1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The running PostgreSQL servers whose data directories are below {@code directory}. */
    public static List<ProcessHandle> postgresIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<ProcessHandle> found = new ArrayList<>();
        try (Stream<Path> files = Files.find(directory, DEPTH, (path, _) -> path.endsWith(PID_FILE))) {
            for (Path file : files.toList()) {
                postgresOf(file).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<ProcessHandle> postgresOf(Path pidFile) throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        // the file remains after a server was killed, and its process id may belong to another process now
        return ProcessHandle.of(Long.parseLong(lines.getFirst().trim()))
                .filter(handle -> handle.info().command().orElse("").endsWith("postgres"));
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("process " + process.pid() + " survives SIGKILL", failure);
        }
    }
}
