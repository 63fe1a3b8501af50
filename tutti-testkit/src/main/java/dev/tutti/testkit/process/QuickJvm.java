package dev.tutti.testkit.process;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of a program with this process's Java and classes, to be up soon rather than to be fast. */
public final class QuickJvm {
    private QuickJvm() {}

    /** The JVM and its options, a heap of 256 MiB at most among them; class path and main class come behind. */
    public static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:MetaspaceSize=96m", // or the heap is collected whole while classes are loaded
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    /** This process's class path without {@code test-classes}: the tests' own classes are no part of the program. */
    public static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
