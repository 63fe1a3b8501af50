package dev.tutti.faults;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How the servers are started: with this process's Java and class path, to be up soon rather than to be fast. */
final class ServerLaunch {
    private ServerLaunch() {}

    /** The command; {@code first} stands in front of the class path, so that its classes win. */
    static List<String> command(Path... first) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // the tests' own classes are not part of the program
        String classes = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        String path =
                Arrays.stream(first).map(entry -> entry + File.pathSeparator).collect(Collectors.joining());
        return List.of(
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                path + classes,
                FaultServer.class.getName());
    }
}
