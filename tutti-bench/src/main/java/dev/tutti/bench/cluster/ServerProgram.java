package dev.tutti.bench.cluster;

import dev.tutti.bench.BenchException;
import dev.tutti.bench.child.Background;
import dev.tutti.cli.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How the server is started as a process: as {@code ./tutti} does it, with settings that suit measuring. */
final class ServerProgram {
    /** Signs the access tokens of all instances of a measurement, which last no longer than that. */
    private static final String SECRET = "only-for-as-long-as-this-benchmark-runs";

    /** The environment variable that names the installed program; without it the tool's own classes are the server. */
    private static final String INSTALLED = "INSTALLED_TUTTI";

    private static final long POLL_NANOS = 50_000_000;

    private ServerProgram() {}

    /** Starts {@code tutti} with {@code arguments}, a heap of at most {@code heapMiB} per instance, and {@code settings}. */
    static Background start(Path log, int heapMiB, Map<String, String> settings, String... arguments) {
        List<String> heap = List.of("-Xms32m", "-Xmx" + heapMiB + "m"); // of what is given twice the last counts
        String installed = System.getenv(INSTALLED);
        List<String> command = new ArrayList<>(installed == null ? ownClasses(heap) : List.of(installed));
        command.addAll(List.of(arguments));
        Map<String, String> all = new HashMap<>(Map.of(
                "JAVA_OPTS", String.join(" ", heap),
                "JWT_SECRET", SECRET,
                "TUTTI_ACCESS_TTL", "1d",
                "TUTTI_ADDRESS_SHARE", "100",
                "TUTTI_MESSAGE_RATE", "1000000",
                "TUTTI_MESSAGE_BURST", "1000000",
                "TUTTI_REGISTRATIONS_PER_ADDRESS", "1000000"));
        all.putAll(settings);
        return Background.start(log, all, command);
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

    /** Waits until {@code ready}, for {@code patience} at most and as long as {@code program} is there. */
    static void await(Background program, Duration patience, String what, BooleanSupplier ready) {
        long until = System.nanoTime() + patience.toNanos();
        while (!ready.getAsBoolean()) {
            if (!program.isAlive() || System.nanoTime() > until) {
                throw new BenchException(what + " does not start; it said: " + program.printed());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** A port that nobody listens on for now. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new BenchException("no free port", failure);
        }
    }
}
