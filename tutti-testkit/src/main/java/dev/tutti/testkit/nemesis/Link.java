package dev.tutti.testkit.nemesis;

/**
 * A line between two parts of a cluster.
 *
 * @param instance which instance's, from 0
 * @param to what is at its other end
 */
public record Link(int instance, End to) {
    /** The other end of a link, with which an instance is connected. */
    public enum End {
        /** Those who use it. */
        CLIENTS,
        /** Its PostgreSQL. */
        DATABASE,
        /** Its Redis. */
        REDIS
    }

    @Override
    public String toString() {
        return to.name().toLowerCase(java.util.Locale.ROOT) + " of instance " + instance;
    }
}
