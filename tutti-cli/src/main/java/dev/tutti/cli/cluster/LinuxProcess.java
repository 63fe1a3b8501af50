package dev.tutti.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process as Linux tells of it in {@code /proc/<pid>/stat}; elsewhere there is none. Immutable.
 *
 * @param state one letter, as in proc(5)
 * @param group the process group: the number of the process that began it
 * @param session the same for the session
 * @param startTicks when it began, in clock ticks since the machine was started: no correction of its clock changes that
 */
record LinuxProcess(long pid, char state, long group, long session, long startTicks) {
    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT = PROC.resolve("sys/kernel/random/boot_id");

    /** The fields behind the command's name; the first one is number 3 of proc(5). */
    private static final int GROUP = 5 - 3;

    private static final int SESSION = 6 - 3;
    private static final int START = 22 - 3;

    /** Process {@code pid}, if there is one. */
    static Optional<LinuxProcess> of(long pid) {
        return read(PROC.resolve(pid + "/stat")).flatMap(stat -> parse(pid, stat));
    }

    /** All that there are at this moment; those that end meanwhile are left out. */
    static List<LinuxProcess> all() {
        try (Stream<Path> names = Files.list(PROC)) {
            return names.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("\\d{1,10}"))
                    .flatMap(name -> of(Long.parseLong(name)).stream())
                    .toList();
        } catch (IOException | UncheckedIOException elsewhere) {
            return List.of();
        }
    }

    /** The name of this start of the machine, a UUID. */
    static Optional<String> boot() {
        return read(BOOT).map(String::strip);
    }

    /** Its working directory, if it runs and this process may know. */
    Optional<Path> directory() {
        try {
            return Optional.of(Files.readSymbolicLink(PROC.resolve(pid + "/cwd")));
        } catch (IOException goneOrSecret) {
            return Optional.empty();
        }
    }

    /** Whether it runs: what has ended and was not asked for its status does not. */
    boolean runs() {
        return state != 'Z' && state != 'X';
    }

    private static Optional<LinuxProcess> parse(long pid, String stat) {
        // the name is in parentheses and may contain some, and spaces
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= START || fields[0].isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LinuxProcess(
                pid,
                fields[0].charAt(0),
                Long.parseLong(fields[GROUP]),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[START])));
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
