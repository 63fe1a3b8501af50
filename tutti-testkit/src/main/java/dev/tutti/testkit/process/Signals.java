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

/** Signals to processes that a test started, and where to find the PostgreSQL servers that work in a directory. */
public final class Signals {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PID_FILE = "postmaster.pid";
    private static final int DEPTH = 6;

    private Signals() {}

    /** Sends SIGKILL to the process and all below it, and waits until they are gone. */
    static void kill(ProcessHandle process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.addFirst(process);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Signals::awaitEnd);
    }

    /** Sends SIGKILL to this process alone, and waits until it is gone. */
    static void killAlone(ProcessHandle process) {
        process.destroyForcibly();
        awaitEnd(process);
    }

    /**
     * Sends a signal.
     *
     * @param name as {@code kill} knows it, such as {@code STOP}
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
     * The program {@code command}, which hears SIGHUP also where this process does not, as below {@code nohup}: a signal that is ignored
     * is ignored by all that are started then.
     */
    public static List<String> hearingHangups(List<String> command) {
        if (!ignoresHangups()) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        whole.addAll(command);
        return whole;
    }

    /** As Linux tells: the first bit of a mask in hexadecimal digits. */
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

    /** The PostgreSQL servers whose data lies below {@code directory} and that are alive. */
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
        // the file outlives a killed server, and its number may belong to somebody else by now
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
