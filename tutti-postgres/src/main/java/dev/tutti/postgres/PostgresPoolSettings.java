package dev.tutti.postgres;

import java.time.Duration;

/**
 * The settings of a pool: where the database is, and how many connections to it there are.
 *
 * @param address where it is and who asks
 * @param maxConnections the most that are open at a time ({@code DB_MAX_CONNECTIONS}), 1 to 1,000
 * @param minIdle how many stay open when nobody needs them ({@code DB_MIN_CONNECTIONS}), 0 to maxConnections
 * @param idle after how long a connection that nobody needs is closed, at least 10 s
 * @param acquire how long somebody waits for a connection, at least 250 ms
 * @param statement how long a statement may take, and an open transaction may do nothing, at least 1 s
 * @param sessions the {@code application_name} of the connections, 1 to 63 characters
 * @param pooled whether a pooler gives each transaction another connection of the server: then no statement is prepared
 */
public record PostgresPoolSettings(
        PostgresAddress address,
        int maxConnections,
        int minIdle,
        Duration idle,
        Duration acquire,
        Duration statement,
        String sessions,
        boolean pooled) {
    public PostgresPoolSettings {
        require("DB_MAX_CONNECTIONS", maxConnections, 1, 1_000);
        require("DB_MIN_CONNECTIONS", minIdle, 0, maxConnections);
        require("idle timeout", idle, Duration.ofSeconds(10));
        require("acquire timeout", acquire, Duration.ofMillis(250));
        require("statement timeout", statement, Duration.ofSeconds(1));
        if (sessions.isEmpty() || sessions.length() > 63) {
            throw new IllegalArgumentException(
                    "the name of sessions is '" + sessions + "'; allowed are 1 to 63 characters");
        }
    }

    /** At most 10 connections, 2 idle ones; 30 s idle, 2 s to acquire, 30 s for a statement. */
    public static PostgresPoolSettings of(PostgresAddress address) {
        return new PostgresPoolSettings(
                address, 10, 2, Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofSeconds(30), "tutti", false);
    }

    /** The same with other numbers of connections. */
    public PostgresPoolSettings withConnections(int max, int min) {
        return new PostgresPoolSettings(address, max, min, idle, acquire, statement, sessions, pooled);
    }

    /** The same with other times. */
    public PostgresPoolSettings withTimes(Duration newIdle, Duration newAcquire, Duration newStatement) {
        return new PostgresPoolSettings(
                address, maxConnections, minIdle, newIdle, newAcquire, newStatement, sessions, pooled);
    }

    /** The same under another name. */
    public PostgresPoolSettings named(String name) {
        return new PostgresPoolSettings(address, maxConnections, minIdle, idle, acquire, statement, name, pooled);
    }

    /** The same at another address. */
    public PostgresPoolSettings at(PostgresAddress other, boolean throughPooler) {
        return new PostgresPoolSettings(
                other, maxConnections, minIdle, idle, acquire, statement, sessions, throughPooler);
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + least + " to " + most);
        }
    }

    private static void require(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + least + " and more");
        }
    }
}
