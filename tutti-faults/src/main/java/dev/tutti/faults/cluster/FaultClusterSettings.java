package dev.tutti.faults.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of a cluster under faults.
 *
 * @param directory where everything is kept; made if it is not there
 * @param program how the server is started, for example {@code java -cp … dev.tutti.cli.Main}
 * @param instances how many, 1 to 20
 * @param redis whether it has a Redis
 * @param environment more variables for the instances
 * @param binaries where PostgreSQL is unpacked, which takes seconds; clusters may share it
 */
public record FaultClusterSettings(
        Path directory,
        List<String> program,
        int instances,
        boolean redis,
        Map<String, String> environment,
        Path binaries) {
    /** Connections to PostgreSQL that each instance may have in the mean. */
    private static final int CONNECTIONS = 4;

    public FaultClusterSettings {
        program = List.copyOf(program);
        environment = Map.copyOf(environment);
        if (instances < 1 || instances > 20) {
            throw new IllegalArgumentException("instances is " + instances + "; allowed are 1 to 20");
        }
    }

    /** With nothing more in the environment, and all in its directory. */
    public FaultClusterSettings(Path directory, List<String> program, int instances, boolean redis) {
        this(directory, program, instances, redis, Map.of(), directory.resolve("binaries"));
    }

    /** The same with one more environment variable. */
    public FaultClusterSettings with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new FaultClusterSettings(directory, program, instances, redis, more, binaries);
    }

    /** The same with PostgreSQL unpacked elsewhere. */
    public FaultClusterSettings withBinaries(Path place) {
        return new FaultClusterSettings(directory, program, instances, redis, environment, place);
    }

    /** {@code DB_MAX_CONNECTIONS}: for all instances together. */
    public int connections() {
        return CONNECTIONS * instances + 1;
    }
}
