package dev.tutti.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
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
    record Entry(String name, long pid, Instant started) {
        private static final Pattern FORM = Pattern.compile("(\\S+) (\\d{1,18}) (\\d{1,18})");

        static Entry of(String name, ProcessHandle process) {
            return new Entry(name, process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
        }

        static Optional<Entry> parse(String line) {
            Matcher matcher = FORM.matcher(line);
            return matcher.matches()
                    ? Optional.of(new Entry(
                            matcher.group(1),
                            Long.parseLong(matcher.group(2)),
                            Instant.ofEpochMilli(Long.parseLong(matcher.group(3)))))
                    : Optional.empty(); // torn by a crash
        }

        /** The process itself, if it is still the same and running. */
        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid).filter(this::isThis);
        }

        /** What has ended but was not asked for its status has no command any more. The system's clock may be corrected. */
        private boolean isThis(ProcessHandle process) {
            ProcessHandle.Info info = process.info();
            return process.isAlive()
                    && info.command().isPresent()
                    && info.startInstant()
                            .map(start -> Duration.between(start, started).abs().compareTo(TOLERANCE) < 0)
                            .orElse(false);
        }

        String line() {
            return name + " " + pid + " " + started.toEpochMilli();
        }
    }

    private static final Logger log = LoggerFactory.getLogger(ProcessRegistry.class);
    private static final Duration TOLERANCE = Duration.ofSeconds(2);
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
                .filter(entry -> entry.process().isPresent())
                .toList();
        left.forEach(entry -> entry.process().ifPresent(ProcessHandle::destroy));
        if (!ended(left)) {
            left.forEach(entry -> entry.process().ifPresent(process -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }));
            ended(left);
        }
        Files.delete(file);
        return left;
    }

    private static boolean ended(List<Entry> entries) {
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (entries.stream().anyMatch(entry -> entry.process().isPresent())) {
            if (System.nanoTime() > deadline) {
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
