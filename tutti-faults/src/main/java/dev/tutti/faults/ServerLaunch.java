package dev.tutti.faults;

import dev.tutti.testkit.process.QuickJvm;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command that starts the servers: with this process's Java and class path, to be up soon rather than to be fast. */
final class ServerLaunch {
    private ServerLaunch() {}

    /** The command; {@code first} stands in front of the class path, so that its classes win. */
    static List<String> command(Path... first) {
        return command(QuickJvm.command(), first);
    }

    /** The same with the JVM's options of the distribution, for measurements; a heap of 256 MiB at most. */
    static List<String> measured() {
        return command(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseCompactObjectHeaders",
                "-Xms64m",
                "-XX:G1PeriodicGCInterval=60000",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    }

    private static List<String> command(List<String> jvm, Path... first) {
        String path =
                Arrays.stream(first).map(entry -> entry + File.pathSeparator).collect(Collectors.joining());
        List<String> command = new ArrayList<>(jvm);
        command.addAll(List.of("-cp", path + QuickJvm.classPath(), FaultServer.class.getName()));
        return List.copyOf(command);
    }
}
