package dev.tutti.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The resources that a JVM process holds at one moment, after a full garbage collection. Only on Linux, because it reads {@code /proc}.
 * Immutable.
 *
 * @param threads the number of platform threads
 * @param files the number of open file descriptors
 * @param heapBytes the bytes of live objects, and of objects that were allocated since the collection
 */
public record Usage(int threads, int files, long heapBytes) {
    private static final Pattern USED = Pattern.compile(" used (\\d+)K");

    /** Runs a full garbage collection in the JVM {@code pid}, and reads its usage. */
    static Usage of(long pid) throws IOException {
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        if (!used.find()) {
            throw new IOException("jcmd does not say how much heap is used");
        }
        return new Usage(
                count(Path.of("/proc", Long.toString(pid), "task")),
                count(Path.of("/proc", Long.toString(pid), "fd")),
                Long.parseLong(used.group(1)) * 1024);
    }

    /** Whether all threads of the process are stopped by a signal. */
    static boolean standsStill(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                String stat = Files.readString(thread.resolve("stat"));
                // the name before the state is in parentheses, and may contain parentheses
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (IOException ended) { // a thread or the process has ended just now
            return false;
        }
    }

    /** The resident memory in bytes; 0 if there is no such process. */
    static long residentBytes(long pid) throws IOException {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    private static int count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return (int) entries.count();
        }
    }

    private static String jcmd(long pid, String question) throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        question)
                .redirectErrorStream(true)
                .start();
        try (InputStream output = jcmd.getInputStream()) {
            String answer = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            if (!jcmd.waitFor(30, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
                throw new IOException("jcmd " + question + " failed: " + answer);
            }
            return answer;
        } catch (InterruptedException interrupted) {
            jcmd.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for jcmd", interrupted);
        }
    }
}
