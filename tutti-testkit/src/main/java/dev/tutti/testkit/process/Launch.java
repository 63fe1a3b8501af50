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
 * The options with which a {@link ServerProcess} is started. Immutable.
 *
 * @param command the program and its arguments
 * @param environment the environment variables, in addition to PATH, HOME and LANG of this process
 * @param directory the working directory, which must exist; the output of the process is appended to {@code output.log} there
 * @param address the address of the server, as {@code http://host:port}
 * @param patience the longest time until {@code /health/ready} at this address answers 200
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
     * A {@code tutti run} on 127.0.0.1.
     *
     * @param tutti the command that starts the program, for example {@code java -cp … dev.tutti.cli.Main}
     * @param directory the working directory, which also has the data
     * @param port the port of the server
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
     * Lets several servers with an embedded database share PostgreSQL's programs, so that only the first one unpacks them, which takes
     * seconds. Call it before the first start, when the data directory is set and does not exist yet. Returns this.
     *
     * @param programs the directory of the programs; it is created if it does not exist
     */
    public Launch sharing(Path programs) throws IOException {
        Path database = Path.of(Objects.requireNonNull(environment.get("TUTTI_DATA_DIR")), "postgres");
        Files.createDirectories(database);
        Files.createSymbolicLink(
                database.resolve("binaries"), Files.createDirectories(programs).toAbsolutePath());
        return this;
    }

    /** The same with an operator port on 127.0.0.1, at which {@link #address} points then. */
    public Launch withOperatorPort(int port) {
        Launch with = with("TUTTI_OPERATOR_PORT", Integer.toString(port));
        return new Launch(with.command, with.environment, directory, URI.create("http://127.0.0.1:" + port), patience);
    }

    /** The same with an additional environment variable. */
    public Launch with(String name, String value) {
        return with(Map.of(name, value));
    }

    /** The same with additional environment variables. */
    public Launch with(Map<String, String> variables) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.putAll(variables);
        return new Launch(command, more, directory, address, patience);
    }
}
