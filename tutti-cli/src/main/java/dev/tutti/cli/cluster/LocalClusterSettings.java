package dev.tutti.cli.cluster;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.WorkSettings;

/**
 * The settings of a cluster, beside those of its workers.
 *
 * @param workers how many, 1 to {@value #MOST_WORKERS}
 * @param redis whether to start a Redis for them
 * @param balancing what goes before them
 */
public record LocalClusterSettings(int workers, boolean redis, Balancing balancing) {
    /** The most workers there may be. */
    public static final int MOST_WORKERS = 64;

    private static final int USUALLY_AT_MOST = 8;
    private static final String PRODUCTION = "production";

    /** The choice of the balancer that gives the requests to the workers. */
    public enum Balancing {
        /** HAProxy, nginx or the library: the first that is installed. */
        AUTO,
        /** nginx. */
        NGINX,
        /** HAProxy. */
        HAPROXY,
        /** A library in the process that keeps the workers running. */
        LIBRARY
    }

    public LocalClusterSettings {
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    "the number of workers is " + workers + "; allowed are 1 to " + MOST_WORKERS);
        }
    }

    /** How many processes {@code tutti run} consists of with {@code configuration}. */
    public static int processes(Configuration configuration) {
        return configuration
                .value(WorkSettings.PROCESSES)
                .orElseGet(() -> configuration.value(WorkSettings.NODE_ENV).equals(PRODUCTION) ? usualWorkers() : 1);
    }

    /** As many workers as there are cores, but not more than eight. */
    public static int usualWorkers() {
        return Math.min(Runtime.getRuntime().availableProcessors(), USUALLY_AT_MOST);
    }
}
