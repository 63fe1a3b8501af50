package dev.tutti.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code postmaster.pid}, where a running PostgreSQL says who it is; left behind when it is killed. Its lines: process
 * id, data directory, time of start, port, and others.
 *
 * @param data the data directory it is in
 * @param lines its lines
 */
record PidFile(Path data, List<String> lines) {
    /** No process has it: Linux ends at 2^22, macOS at 99,998. */
    private static final String NOBODY = Integer.toString(Integer.MAX_VALUE - 1);

    static Optional<PidFile> in(Path data) throws IOException {
        try {
            return Optional.of(new PidFile(data, Files.readAllLines(path(data))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The process that wrote it, if that is alive and a PostgreSQL on this very data directory. */
    Optional<ProcessHandle> postmaster() {
        return pid().flatMap(ProcessHandle::of).filter(process -> isRunning(process) && isPostgresOn(process, data));
    }

    /**
     * Replaces the number, which another program may have by now and PostgreSQL would refuse to start beside. The other
     * lines stay, because PostgreSQL finds by them whether parts of the killed server still live.
     */
    void forgetPid() throws IOException {
        if (pid().isEmpty()) {
            Files.delete(path(data)); // torn by a crash: PostgreSQL would refuse it
        } else {
            List<String> others = new ArrayList<>(lines);
            others.set(0, NOBODY);
            Files.write(path(data), others);
        }
    }

    private Optional<Long> pid() {
        return !lines.isEmpty() && lines.getFirst().matches("[1-9][0-9]{0,9}")
                ? Optional.of(Long.valueOf(lines.getFirst()))
                : Optional.empty();
    }

    private static Path path(Path data) {
        return data.resolve("postmaster.pid");
    }

    private static boolean isPostgresOn(ProcessHandle process, Path data) {
        return isPostgres(process) && (worksIn(process, data) || isToldToUse(process, data));
    }

    /** By its program, or by its name where that is hidden: another user's, as root sees it in most containers. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> String.valueOf(Path.of(command).getFileName()))
                .or(() -> proc(process, "comm"))
                .map(name -> name.startsWith("postgres"))
                .orElse(false);
    }

    /** Linux: PostgreSQL's working directory is its data directory, also when that was moved since. */
    private static boolean worksIn(ProcessHandle process, Path data) {
        return isSame(proc(process), "cwd", data);
    }

    private static boolean isToldToUse(ProcessHandle process, Path data) {
        return Stream.concat(
                        proc(process, "cmdline").stream().flatMap(line -> Stream.of(line.split("\0"))),
                        process.info().arguments().stream().flatMap(Stream::of))
                .anyMatch(argument -> isSame(data, argument, data));
    }

    /** Whether {@code path}, in {@code directory} unless it is absolute, is {@code data}. */
    private static boolean isSame(Path directory, String path, Path data) {
        try {
            return Files.isSameFile(directory.resolve(path), data);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private static Path proc(ProcessHandle process) {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    private static Optional<String> proc(ProcessHandle process, String file) {
        try {
            return Optional.of(Files.readString(proc(process).resolve(file)));
        } catch (IOException e) {
            return Optional.empty(); // not Linux, or gone in this moment
        }
    }

    /** Not so for a process that has ended but whose parent has not asked for its status; in containers nobody may ever. */
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        return proc(process, "stat")
                .map(status -> !status.startsWith("Z", status.lastIndexOf(')') + 2))
                .orElseGet(process::isAlive);
    }
}
