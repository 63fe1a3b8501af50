package dev.tutti.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        boolean postgres = process.info()
                .command()
                .map(Path::of)
                .map(command -> command.getFileName().toString().startsWith("postgres"))
                .orElse(false);
        return postgres && (worksIn(process, data) || isToldToUse(process, data));
    }

    /** Linux: PostgreSQL's working directory is its data directory, also when that was moved since. */
    private static boolean worksIn(ProcessHandle process, Path data) {
        try {
            return Files.isSameFile(Path.of("/proc/" + process.pid() + "/cwd"), data);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isToldToUse(ProcessHandle process, Path data) {
        return process.info()
                .arguments()
                .map(arguments -> List.of(arguments).contains(data.toString()))
                .orElse(false);
    }

    /** Not so for a process that has ended but whose parent has not asked for its status; in containers nobody may ever. */
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String status = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return !status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return process.isAlive(); // not Linux, or gone in this moment
        }
    }
}
