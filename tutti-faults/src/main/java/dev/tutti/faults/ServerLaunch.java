package dev.tutti.faults;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How the servers are started: with this process's Java and class path, to be up soon rather than to be fast. */
final class ServerLaunch {
    private ServerLaunch() {}

    /** The command; {@code first} stands in front of the class path, so that its classes win. */
    static List<String> command(Path... first) {
        String path =
                Arrays.stream(first).map(entry -> entry + File.pathSeparator).collect(Collectors.joining());
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of("-cp", path + classes(), FaultServer.class.getName()));
        return List.copyOf(command);
    }

    /** The JVM and its options. */
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    /** The class path. */
    static String classes() {
        // the tests' own classes are not part of the program
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
