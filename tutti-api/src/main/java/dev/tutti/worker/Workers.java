package dev.tutti.worker;

/**
 * The workers of a cluster. All instances declare the same ones; each runs what it gets. Safe for use by many threads. A type is
 * declared once, by a name of 1 to 100 characters.
 *
 * <p>No two instances run the same one with effect, if what has effect is fenced: an instance that stood still may go on for a
 * moment beside the next one. An instance that was killed is replaced when its lease is over, one that leaves is replaced at once.
 */
public interface Workers {
    /** The most shards that a type may have. */
    int MAX_SHARDS = 1_000;

    /**
     * One of these runs in the cluster.
     *
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if there is such a type
     */
    void singleton(String type, Worker worker);

    /**
     * So many of these run, each for one of the shards 0 to {@code shards - 1}. They are spread over the instances that run
     * workers, and move when these come and go.
     *
     * @param shards 1 to {@value #MAX_SHARDS}, the same at all instances
     * @throws IllegalArgumentException if the name or number is not allowed
     * @throws IllegalStateException if there is such a type
     */
    void sharded(String type, int shards, Worker worker);
}
