package dev.tutti.postgres;

import java.time.Duration;

/**
 * The settings of a streaming replica of the database.
 *
 * @param address the address of the replica, with the user
 * @param connections the most connections that this instance has open at a time, 1 to 1,000
 */
public record PostgresReplicaSettings(PostgresAddress address, int connections) {
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** The longest wait for a connection. A caller that would wait longer is served faster by the primary. */
    private static final Duration ACQUIRE = Duration.ofSeconds(1);

    private static final Duration STATEMENT = Duration.ofSeconds(4);

    public PostgresReplicaSettings {
        if (connections < 1 || connections > 1_000) {
            throw new IllegalArgumentException("DB_REPLICA_CONNECTIONS is " + connections + "; allowed are 1 to 1000");
        }
    }

    /** The settings of its pool, whose sessions have the name {@code sessions}. */
    PostgresPoolSettings pool(String sessions) {
        return PostgresPoolSettings.of(address)
                .withConnections(connections, 1)
                .withTimes(IDLE, ACQUIRE, STATEMENT)
                .named(sessions);
    }
}
