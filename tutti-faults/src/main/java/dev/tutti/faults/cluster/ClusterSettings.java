package dev.tutti.faults.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * What a cluster is made of.
 *
 * @param directory where everything is kept; made if it is not there
 * @param program how the server is started, for example {@code java -cp … dev.tutti.server.Main}
 * @param instances how many, 1 to 20
 * @param redis whether it has a Redis
 */
public record ClusterSettings(Path directory, List<String> program, int instances, boolean redis) {
    /** Connections to PostgreSQL that each instance may have in the mean. */
    private static final int CONNECTIONS = 4;

    public ClusterSettings {
        program = List.copyOf(program);
        if (instances < 1 || instances > 20) {
            throw new IllegalArgumentException("instances is " + instances + "; allowed are 1 to 20");
        }
    }

    /** {@code DB_MAX_CONNECTIONS}: for all instances together. */
    public int connections() {
        return CONNECTIONS * instances + 1;
    }
}
