package dev.tutti.testkit.process;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of a program with the Java and the classes of this process, tuned for a short start instead of speed. Stateless. */
public final class QuickJvm {
    private QuickJvm() {}

    /** The JVM and its options, which include a heap of at most 256 MiB. The class path and the main class must be appended. */
    public static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:MetaspaceSize=96m", // otherwise loading classes causes full collections
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    /** The class path of this process without {@code test-classes}, because the classes of tests are no part of the program. */
    public static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
