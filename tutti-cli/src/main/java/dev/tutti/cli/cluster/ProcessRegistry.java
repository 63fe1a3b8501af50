package dev.tutti.cli.cluster;

import dev.tutti.concurrent.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the processes that a cluster has started: should the cluster be killed, the next one ends what is left of
 * them. Safe for use by many threads.
 */
final class ProcessRegistry {
    /** A process, which its number alone does not tell from a later one. */
    record Entry(String name, long pid, ProcessStart start) {
        private static final Pattern FORM = Pattern.compile("(\\S+) (\\d{1,18}) (\\S+)");

        static Entry of(String name, ProcessHandle process) {
            return new Entry(name, process.pid(), ProcessStart.of(process));
        }

        static Optional<Entry> parse(String line) {
            Matcher matcher = FORM.matcher(line);
            return matcher.matches()
                    ? ProcessStart.parse(matcher.group(3))
                            .map(start -> new Entry(matcher.group(1), Long.parseLong(matcher.group(2)), start))
                    : Optional.empty(); // torn by a crash
        }

        /** The process itself, if it is still the same and running. */
        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid).filter(start::isOf);
        }

        /** The processes that it has started, and may have left behind. */
        ProcessGroup group() {
            return new ProcessGroup(pid, start);
        }

        String line() {
            return name + " " + pid + " " + start.word();
        }
    }

    private static final Logger log = LoggerFactory.getLogger(ProcessRegistry.class);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path file;
    private final Set<Entry> entries = new LinkedHashSet<>();

    ProcessRegistry(Path file) {
        this.file = file;
    }

    /** Notes a process that was started. */
    synchronized Entry add(String name, ProcessHandle process) {
        Entry entry = Entry.of(name, process);
        entries.add(entry);
        write();
        return entry;
    }

    /** Forgets one that has ended. */
    synchronized void remove(Entry entry) {
        entries.remove(entry);
        write();
    }

    /** Ends what an earlier cluster has left behind: asks, and kills after five seconds. Gives what there was. */
    List<Entry> endLeftOvers() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Entry> left = Files.readAllLines(file).stream()
                .flatMap(line -> Entry.parse(line).stream())
                .filter(entry -> entry.process().isPresent()
                        || !entry.group().others(this::isOurs).isEmpty())
                .toList();
        left.forEach(entry -> entry.process().ifPresent(ProcessHandle::destroy));
        if (!ended(left)) {
            left.forEach(entry -> entry.process().ifPresent(process -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }));
            ended(left);
        }
        left.forEach(entry -> entry.group().kill(this::isOurs));
        Files.delete(file);
        return left;
    }

    /**
     * Whether it works in the directory of the cluster, as balancers and Redis do. The group alone would not do: since the
     * end of its leader the number may have had another process, which left a group behind, too.
     */
    private boolean isOurs(LinuxProcess process) {
        try {
            return process.directory()
                    .filter(file.resolveSibling(".").toRealPath()::equals)
                    .isPresent();
        } catch (IOException notThere) {
            return false;
        }
    }

    private static boolean ended(List<Entry> entries) {
        Deadline deadline = Deadline.in(GRACE);
        while (entries.stream().anyMatch(entry -> entry.process().isPresent())) {
            if (deadline.isOver()) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }

    private void write() {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(whole, entries.stream().map(Entry::line).toList());
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            log.warn("{} cannot be written; should this cluster be killed, end its processes yourself", file, failure);
        }
    }
}
