package dev.tutti.testkit.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The description of how a server process is started.
 *
 * @param command the program and its arguments
 * @param environment all its environment variables, besides PATH, HOME and LANG of this process
 * @param directory its working directory, which must exist; its output goes to {@code output.log} there
 * @param address where it listens, as {@code http://host:port}
 * @param patience how long it may take until {@code /health/ready} there says 200
 */
public record Launch(
        List<String> command, Map<String, String> environment, Path directory, URI address, Duration patience) {
    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command is empty");
        }
    }

    /**
     * A {@code tutti run} on 127.0.0.1, with everything it keeps in {@code directory}.
     *
     * @param tutti how to start the program, for example {@code java -cp … dev.tutti.cli.Main}
     * @param directory working directory and home of the data
     * @param port the port it listens on
     */
    public static Launch tutti(List<String> tutti, Path directory, int port) {
        List<String> command = new ArrayList<>(tutti);
        command.add("run");
        Map<String, String> environment = Map.of(
                "HOST", "127.0.0.1",
                "PORT", Integer.toString(port),
                "TUTTI_DATA_DIR", directory.resolve("data").toString());
        return new Launch(
                command, environment, directory, URI.create("http://127.0.0.1:" + port), Duration.ofMinutes(3));
    }

    /**
     * Lets a server with a database of its own find PostgreSQL's programs in {@code programs}, where the first one unpacks
     * them: that takes seconds. Before the first start, of one whose data directory is said and not there yet.
     */
    public Launch sharing(Path programs) throws IOException {
        Path database = Path.of(Objects.requireNonNull(environment.get("TUTTI_DATA_DIR")), "postgres");
        Files.createDirectories(database);
        Files.createSymbolicLink(
                database.resolve("binaries"), Files.createDirectories(programs).toAbsolutePath());
        return this;
    }

    /** The same with health and metrics at a port of their own on 127.0.0.1, which is the {@link #address} then. */
    public Launch withOperatorPort(int port) {
        Launch with = with("TUTTI_OPERATOR_PORT", Integer.toString(port));
        return new Launch(with.command, with.environment, directory, URI.create("http://127.0.0.1:" + port), patience);
    }

    /** The same with one more environment variable. */
    public Launch with(String name, String value) {
        return with(Map.of(name, value));
    }

    /** The same with these environment variables as well. */
    public Launch with(Map<String, String> variables) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.putAll(variables);
        return new Launch(command, more, directory, address, patience);
    }
}
