package dev.tutti.testkit.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The command line program with an AOT cache (JEP 483, 514), for tests that start it often: the cache saves half of the CPU time of a
 * start. The first call makes the cache with one rehearsal of the program, and so does the first call after any class has changed. An AOT
 * cache needs jars, so directories of classes are packed into jars. Safe for use by many threads and processes.
 */
public final class RehearsedProgram {
    private static final String MAIN = "dev.tutti.cli.Main";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int TAIL = 4_000;

    private final Path home;
    private final List<Path> classPath;

    private RehearsedProgram(Path home, List<Path> classPath) {
        this.home = home;
        this.classPath = classPath;
    }

    /**
     * The command that starts a JVM with the classes of {@code classPath}; the main class must be appended. Blocks while the cache is made.
     *
     * @param java the JVM and its options; each combination has its own cache
     * @param classPath jars and directories as in {@code java.class.path}; entries that do not exist are left out
     * @param home the directory of the jars and the cache; those of earlier classes are deleted
     * @param postgres the directory of PostgreSQL's programs, as in {@link Launch#sharing}
     * @throws IOException if the rehearsal fails; the message has the end of its output
     */
    public static synchronized List<String> command(List<String> java, String classPath, Path home, Path postgres)
            throws IOException, InterruptedException {
        List<Path> entries = Stream.of(classPath.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .filter(Files::exists)
                .toList();
        Path all = Files.createDirectories(home.toAbsolutePath());
        RehearsedProgram program = new RehearsedProgram(all.resolve(key(java, entries)), entries);
        Path cache = program.home.resolve("tutti.aot");
        try (FileChannel lock =
                FileChannel.open(all.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock(); // released when the channel is closed
            if (!Files.exists(cache)) {
                deleteAllIn(all);
                Files.createDirectories(program.home);
                program.rehearse(java, cache, postgres);
            }
        }
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-cp", program.jars()));
        return List.copyOf(command);
    }

    private void rehearse(List<String> java, Path cache, Path postgres) throws IOException, InterruptedException {
        for (int i = 0; i < classPath.size(); i++) {
            if (Files.isDirectory(classPath.get(i))) {
                pack(classPath.get(i), jar(i));
            }
        }
        Path directory = Files.createTempDirectory("tutti-rehearsal");
        Path unfinished = home.resolve("unfinished.aot");
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-XX:AOTCacheOutput=" + unfinished, "-Xlog:aot=off", "-cp", jars(), MAIN));
        command.addAll(List.of("rehearse", directory.toString()));
        Map<String, String> environment =
                Map.of("TUTTI_DATA_DIR", directory.resolve("data").toString());
        Launch launch = new Launch(command, environment, directory, URI.create("http://127.0.0.1:0"), PATIENCE)
                .sharing(postgres);
        try (ServerProcess rehearsal = ServerProcess.of(launch)) {
            rehearsal.spawn();
            int code = rehearsal.awaitEnd(PATIENCE);
            if (code != 0 || !Files.exists(unfinished)) {
                String said = rehearsal.output();
                throw new IOException("the rehearsal of the program ended with " + code + ":\n"
                        + said.substring(Math.max(0, said.length() - TAIL)));
            }
        } finally {
            delete(directory);
        }
        Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
    }

    private String jars() {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < classPath.size(); i++) {
            Path entry = classPath.get(i);
            entries.add((Files.isDirectory(entry) ? jar(i) : entry).toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    private Path jar(int index) {
        return home.resolve("classes-" + index + ".jar");
    }

    /** The jar has entries for directories, because code that lists resources below a directory looks up the directory first. */
    private static void pack(Path directory, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Path path : below(directory)) {
                String name = directory.relativize(path).toString().replace(File.separatorChar, '/');
                boolean folder = Files.isDirectory(path);
                zip.putNextEntry(new ZipEntry(folder ? name + "/" : name));
                if (!folder) {
                    Files.copy(path, zip);
                }
                zip.closeEntry();
            }
        }
    }

    /** A key of the options, the entries, and their times of change, because the JVM itself does not check these. */
    private static String key(List<String> java, List<Path> classPath) throws IOException {
        CRC32 sum = new CRC32();
        add(sum, String.join(" ", java) + System.getProperty("java.vm.version"));
        for (Path entry : classPath) {
            for (Path path : Files.isDirectory(entry) ? below(entry) : List.of(entry)) {
                add(sum, path + " " + Files.size(path) + " " + Files.getLastModifiedTime(path));
            }
        }
        return "%08x".formatted(sum.getValue());
    }

    private static void add(CRC32 sum, String text) {
        sum.update(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(path -> !path.equals(directory)).sorted().toList();
        }
    }

    private static void deleteAllIn(Path all) throws IOException {
        List<Path> earlier;
        try (Stream<Path> each = Files.list(all)) {
            earlier = each.filter(Files::isDirectory).toList();
        }
        for (Path one : earlier) {
            delete(one);
        }
    }

    private static void delete(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(root)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
