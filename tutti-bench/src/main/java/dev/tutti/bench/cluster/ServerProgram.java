package dev.tutti.bench.cluster;

import dev.tutti.cli.Main;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The server's program as a measurement starts it: as {@code ./tutti} does, with settings that suit measuring. */
final class ServerProgram {
    /** Signs the access tokens of all instances of a measurement, which last no longer than that. */
    private static final String SECRET = "only-for-as-long-as-this-benchmark-runs";

    /** The environment variable that names the installed program; without it the tool's own classes are the server. */
    private static final String INSTALLED = "INSTALLED_TUTTI";

    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration END = Duration.ofMinutes(1);

    private ServerProgram() {}

    /**
     * Starts {@code tutti} with {@code arguments} in {@code directory}, and does not wait until it is ready.
     *
     * @param port where it listens
     * @param heapMiB of each instance at most
     * @param settings beside this process's environment
     */
    static ServerProcess spawn(Path directory, int port, int heapMiB, Map<String, String> settings, String... arguments)
            throws IOException {
        List<String> heap = List.of("-Xms32m", "-Xmx" + heapMiB + "m"); // of what is given twice the last counts
        String installed = System.getenv(INSTALLED);
        List<String> command = new ArrayList<>(installed == null ? ownClasses(heap) : List.of(installed));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(Map.of(
                "JAVA_OPTS", String.join(" ", heap),
                "JWT_SECRET", SECRET,
                "LOG_LEVEL", "warn",
                "PORT", Integer.toString(port),
                "TUTTI_ACCESS_TTL", "1d",
                "TUTTI_ADDRESS_SHARE", "100",
                "TUTTI_MESSAGE_RATE", "1000000",
                "TUTTI_MESSAGE_BURST", "1000000",
                "TUTTI_REGISTRATIONS_PER_ADDRESS", "1000000"));
        environment.putAll(settings);
        URI address = URI.create("http://127.0.0.1:" + port);
        ServerProcess process =
                ServerProcess.of(new Launch(command, environment, Files.createDirectories(directory), address, START));
        process.spawn();
        return process;
    }

    private static List<String> ownClasses(List<String> heap) {
        List<String> command = new ArrayList<>(heap);
        command.addFirst(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        return command;
    }

    /** Ends it by SIGTERM, so that it leaves the others, or after a minute by SIGKILL. */
    static void end(ServerProcess process) {
        try (process) {
            int _ = process.stop(END);
        } catch (IOException stuck) {
            // it has been killed
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
