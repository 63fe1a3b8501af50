package dev.tutti.testkit.nemesis;

/**
 * The network connections between an instance and its clients, its PostgreSQL, or its Redis. Immutable.
 *
 * @param instance the number of the instance, from 0
 * @param to the other end of the connections
 */
public record Link(int instance, End to) {
    /** The other end of a link. */
    public enum End {
        /** The clients of the instance. */
        CLIENTS,
        /** The PostgreSQL of the instance. */
        DATABASE,
        /** The Redis of the instance. */
        REDIS
    }

    @Override
    public String toString() {
        return to.name().toLowerCase(java.util.Locale.ROOT) + " of instance " + instance;
    }
}
