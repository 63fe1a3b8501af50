package dev.tutti.postgres;

import java.time.Duration;

/**
 * The settings of a streaming replica of the database: where it is, and how many connections to it one instance has.
 *
 * @param address where it is and who asks
 * @param connections the most that this instance has open at a time, 1 to 1,000
 */
public record PostgresReplicaSettings(PostgresAddress address, int connections) {
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** The longest wait for a connection. A caller that would wait for longer does better to ask the primary. */
    private static final Duration ACQUIRE = Duration.ofSeconds(1);

    private static final Duration STATEMENT = Duration.ofSeconds(4);

    public PostgresReplicaSettings {
        if (connections < 1 || connections > 1_000) {
            throw new IllegalArgumentException("DB_REPLICA_CONNECTIONS is " + connections + "; allowed are 1 to 1000");
        }
    }

    /** Those of its pool, whose sessions are called {@code sessions}. */
    PostgresPoolSettings pool(String sessions) {
        return PostgresPoolSettings.of(address)
                .withConnections(connections, 1)
                .withTimes(IDLE, ACQUIRE, STATEMENT)
                .named(sessions);
    }
}
